package com.intellij.ui.jcef;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import javax.swing.JComponent;
import javax.swing.JPanel;

/** Keeps the pages that it is to show. */
public class JBCefBrowser extends JBCefBrowserBase {
    public static final BlockingQueue<String> PAGES = new LinkedBlockingQueue<>();

    public JComponent getComponent() {
        return new JPanel();
    }

    @Override
    public void dispose() {}
}
