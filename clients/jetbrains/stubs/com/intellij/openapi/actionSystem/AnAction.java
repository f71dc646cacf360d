package com.intellij.openapi.actionSystem;

public abstract class AnAction {
    public abstract void actionPerformed(AnActionEvent event);
}
