package dev.promptls.jetbrains;

import com.intellij.openapi.Disposable;
import com.intellij.openapi.util.Disposer;
import com.intellij.ui.jcef.JBCefApp;
import com.intellij.ui.jcef.JBCefBrowser;
import com.intellij.ui.jcef.JBCefBrowserBase;
import com.intellij.ui.jcef.JBCefJSQuery;
import java.util.function.Consumer;
import javax.swing.JComponent;

/** The IDE's own browser. Since 2026.2 it is a plugin that may be off: then this class cannot even be loaded. */
final class PreviewBrowser {
    private final JBCefBrowser browser = new JBCefBrowser();
    private final JBCefJSQuery clicks = JBCefJSQuery.create((JBCefBrowserBase) browser);

    static boolean isSupported() {
        return JBCefApp.isSupported();
    }

    /** @param clicked is given what the page says, in a thread of the browser's */
    PreviewBrowser(Disposable parent, Consumer<String> clicked) {
        Disposer.register(parent, browser);
        browser.setOpenLinksInExternalBrowser(true);
        clicks.addHandler(said -> {
            clicked.accept(said);
            return null;
        });
    }

    JComponent getComponent() {
        return browser.getComponent();
    }

    void show(String html, boolean dark) {
        browser.loadHTML(PreviewPage.of(html, dark, clicks.inject("said")));
    }
}
