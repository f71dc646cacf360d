package dev.promptls.jetbrains;

import com.intellij.ide.trustedProjects.TrustedProjectsListener;
import com.intellij.openapi.project.Project;
import com.redhat.devtools.lsp4ij.LanguageServerManager;
import org.jetbrains.annotations.NotNull;

/** A project that becomes trusted gets its server anew: its own environment may hold another one. */
public final class TrustListener implements TrustedProjectsListener {
    @Override
    public void onProjectTrusted(@NotNull Project project) {
        LanguageServerManager.getInstance(project).start(PromptServerFactory.ID);
    }

    @Override
    public void onProjectUntrusted(@NotNull Project project) {
        LanguageServerManager.getInstance(project).start(PromptServerFactory.ID);
    }
}
