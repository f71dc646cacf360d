package dev.promptls.jetbrains;

import java.util.concurrent.CompletableFuture;
import org.eclipse.lsp4j.jsonrpc.services.JsonRequest;
import org.eclipse.lsp4j.services.LanguageServer;

/** The server with the one request of its own that this client makes. */
public interface PromptServer extends LanguageServer {
    /** Answers null where the parameters only end a watch. */
    @JsonRequest("promptls/preview")
    CompletableFuture<Preview> preview(PreviewParams params);
}
