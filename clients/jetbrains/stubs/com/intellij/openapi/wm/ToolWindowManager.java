package com.intellij.openapi.wm;

public abstract class ToolWindowManager {
    public static ToolWindowManager getInstance(com.intellij.openapi.project.Project project) {
        return null;
    }

    public abstract ToolWindow getToolWindow(String id);
}
