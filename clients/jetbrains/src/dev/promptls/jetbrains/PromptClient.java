package dev.promptls.jetbrains;

import com.google.gson.JsonObject;
import com.intellij.openapi.project.Project;
import com.redhat.devtools.lsp4ij.ServerStatus;
import com.redhat.devtools.lsp4ij.client.LanguageClientImpl;
import org.jetbrains.annotations.NotNull;

/** LSP4IJ's client, which answers with our settings and hands newer previews to the window. */
public final class PromptClient extends LanguageClientImpl implements PreviewEvents {
    PromptClient(@NotNull Project project) {
        super(project);
    }

    @Override
    protected Object createSettings() {
        JsonObject settings = new JsonObject();
        settings.add("promptls", PromptSettings.getInstance().getState().forServer());
        return settings;
    }

    @Override
    public void handleServerStatusChanged(@NotNull ServerStatus status) {
        if (status == ServerStatus.started) {
            triggerChangeConfiguration();
        }
    }

    @Override
    public void previewChanged(Preview preview) {
        PreviewHub.getInstance(getProject()).tell(preview);
    }
}
