package com.redhat.devtools.lsp4ij;

import com.intellij.openapi.project.Project;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.eclipse.lsp4j.services.LanguageServer;

public class LanguageServerManager {
    /** Null: it does not run. */
    public static volatile LanguageServer server;
    public static final List<String> STARTED = new CopyOnWriteArrayList<>();

    public static LanguageServerManager getInstance(Project project) {
        return new LanguageServerManager();
    }

    public void start(String id) {
        STARTED.add(id);
    }

    public CompletableFuture<LanguageServerItem> getLanguageServer(String id) {
        return CompletableFuture.completedFuture(server == null ? null : new LanguageServerItem(server));
    }
}
