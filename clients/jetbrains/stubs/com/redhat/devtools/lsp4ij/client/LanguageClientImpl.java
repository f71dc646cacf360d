package com.redhat.devtools.lsp4ij.client;

import com.intellij.openapi.project.Project;
import com.redhat.devtools.lsp4ij.ServerStatus;

/** In LSP4IJ it is LSP4J's LanguageClient too. */
public class LanguageClientImpl {
    public LanguageClientImpl(Project project) {}

    public Project getProject() {
        return null;
    }

    protected Object createSettings() {
        return null;
    }

    protected void triggerChangeConfiguration() {}

    public void handleServerStatusChanged(ServerStatus status) {}
}
