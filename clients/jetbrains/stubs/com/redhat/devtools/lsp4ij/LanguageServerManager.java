package com.redhat.devtools.lsp4ij;

import com.intellij.openapi.project.Project;
import java.util.concurrent.CompletableFuture;

public class LanguageServerManager {
    public static LanguageServerManager getInstance(Project project) {
        return null;
    }

    public void start(String id) {}

    public CompletableFuture<LanguageServerItem> getLanguageServer(String id) {
        return null;
    }
}
