package dev.promptls.jetbrains;

import com.intellij.openapi.project.Project;
import com.redhat.devtools.lsp4ij.LanguageServerFactory;
import com.redhat.devtools.lsp4ij.client.LanguageClientImpl;
import com.redhat.devtools.lsp4ij.server.StreamConnectionProvider;
import org.eclipse.lsp4j.services.LanguageServer;
import org.jetbrains.annotations.NotNull;

/** What LSP4IJ asks for when a prompt file is opened. */
public final class PromptServerFactory implements LanguageServerFactory {
    /** As plugin.xml names it. */
    static final String ID = "promptls";

    @Override
    public @NotNull StreamConnectionProvider createConnectionProvider(@NotNull Project project) {
        return new PromptConnection(project);
    }

    @Override
    public @NotNull LanguageClientImpl createLanguageClient(@NotNull Project project) {
        return new PromptClient(project);
    }

    @Override
    public @NotNull Class<? extends LanguageServer> getServerInterface() {
        return PromptServer.class;
    }
}
