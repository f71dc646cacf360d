package com.intellij.ui.jcef;

import java.util.function.Function;

public final class JBCefJSQuery {
    /** What a page says, is given to it. */
    public static volatile Function<? super String, ? extends Response> handler;

    public static JBCefJSQuery create(JBCefBrowserBase browser) {
        return new JBCefJSQuery();
    }

    public String inject(String result) {
        return "window.cefQuery_1({request: '' + " + result + "});";
    }

    public void addHandler(Function<? super String, ? extends Response> added) {
        handler = added;
    }

    public static class Response {}
}
