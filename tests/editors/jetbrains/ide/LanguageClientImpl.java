package com.redhat.devtools.lsp4ij.client;

import com.intellij.openapi.project.Project;
import com.redhat.devtools.lsp4ij.ServerStatus;

/** Keeps the settings that it is to send. */
public class LanguageClientImpl {
    public static volatile Object sent;
    private final Project project;

    public LanguageClientImpl(Project project) {
        this.project = project;
    }

    public Project getProject() {
        return project;
    }

    protected Object createSettings() {
        return null;
    }

    protected void triggerChangeConfiguration() {
        sent = createSettings();
    }

    public void handleServerStatusChanged(ServerStatus status) {}
}
