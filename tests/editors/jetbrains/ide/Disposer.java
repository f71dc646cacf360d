package com.intellij.openapi.util;

import com.intellij.openapi.Disposable;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

public final class Disposer {
    public static final List<Disposable> REGISTERED = new CopyOnWriteArrayList<>();

    public static void register(Disposable parent, Disposable child) {
        REGISTERED.add(child);
    }
}
