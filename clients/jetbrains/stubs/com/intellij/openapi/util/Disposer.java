package com.intellij.openapi.util;

import com.intellij.openapi.Disposable;

public final class Disposer {
    public static void register(Disposable parent, Disposable child) {}
}
