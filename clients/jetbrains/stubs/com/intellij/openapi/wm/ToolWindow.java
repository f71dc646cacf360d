package com.intellij.openapi.wm;

public interface ToolWindow {
    com.intellij.openapi.Disposable getDisposable();

    com.intellij.ui.content.ContentManager getContentManager();

    default void show() {}
}
