package com.intellij.openapi.actionSystem;

public class AnActionEvent {
    public final com.intellij.openapi.project.Project getProject() {
        return null;
    }
}
