package com.intellij.ui.jcef;

import java.util.function.Function;

public final class JBCefJSQuery {
    public static JBCefJSQuery create(JBCefBrowserBase browser) {
        return null;
    }

    public String inject(String result) {
        return null;
    }

    public void addHandler(Function<? super String, ? extends Response> handler) {}

    public static class Response {}
}
