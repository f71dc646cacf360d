package dev.promptls.jetbrains;

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
        return PromptSettings.forServer(getProject());
    }

    @Override
    public void handleServerStatusChanged(@NotNull ServerStatus status) {
        if (status == ServerStatus.started) {
            triggerChangeConfiguration();
            PreviewHub.getInstance(getProject()).serverStarted();
        }
    }

    @Override
    public void previewChanged(Preview preview) {
        PreviewHub.getInstance(getProject()).changed(preview);
    }
}
