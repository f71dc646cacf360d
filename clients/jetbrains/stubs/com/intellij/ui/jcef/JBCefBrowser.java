package com.intellij.ui.jcef;

public class JBCefBrowser extends JBCefBrowserBase {
    public javax.swing.JComponent getComponent() {
        return null;
    }

    @Override
    public void dispose() {}
}
