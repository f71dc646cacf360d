package dev.promptls.jetbrains;

import org.eclipse.lsp4j.jsonrpc.services.JsonNotification;

/** What the server tells while a preview is watched. */
public interface PreviewEvents {
    @JsonNotification("promptls/previewChanged")
    void previewChanged(Preview preview);
}
