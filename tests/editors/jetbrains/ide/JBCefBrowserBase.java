package com.intellij.ui.jcef;

public abstract class JBCefBrowserBase implements com.intellij.openapi.Disposable {
    public static volatile boolean linksGoElsewhere;

    public final void loadHTML(String html) {
        JBCefBrowser.PAGES.add(html);
    }

    public void setOpenLinksInExternalBrowser(boolean external) {
        linksGoElsewhere = external;
    }
}
