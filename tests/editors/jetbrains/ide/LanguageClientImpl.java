package com.redhat.devtools.lsp4ij.client;

import com.google.gson.JsonObject;
import com.intellij.openapi.project.Project;
import com.redhat.devtools.lsp4ij.LanguageServerManager;
import com.redhat.devtools.lsp4ij.ServerStatus;
import org.eclipse.lsp4j.DidChangeConfigurationParams;

/** Keeps the settings that it sends. */
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

    public Object findSettings(String section) {
        return ((JsonObject) createSettings()).get(section);
    }

    protected void triggerChangeConfiguration() {
        sent = createSettings();
        if (LanguageServerManager.server != null) {
            LanguageServerManager.server.getWorkspaceService()
                    .didChangeConfiguration(new DidChangeConfigurationParams(sent));
        }
    }

    public void handleServerStatusChanged(ServerStatus status) {}
}
