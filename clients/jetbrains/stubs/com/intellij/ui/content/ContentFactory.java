package com.intellij.ui.content;

public interface ContentFactory {
    static ContentFactory getInstance() {
        return null;
    }

    Content createContent(javax.swing.JComponent component, String name, boolean lockable);
}
