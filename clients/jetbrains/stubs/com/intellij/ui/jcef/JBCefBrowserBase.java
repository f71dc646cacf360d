package com.intellij.ui.jcef;

public abstract class JBCefBrowserBase implements com.intellij.openapi.Disposable {
    public final void loadHTML(String html) {}

    public void setOpenLinksInExternalBrowser(boolean external) {}
}
