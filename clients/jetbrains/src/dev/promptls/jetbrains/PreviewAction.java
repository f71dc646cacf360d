package dev.promptls.jetbrains;

import com.intellij.openapi.actionSystem.AnAction;
import com.intellij.openapi.actionSystem.AnActionEvent;
import com.intellij.openapi.project.DumbAware;
import com.intellij.openapi.wm.ToolWindow;
import com.intellij.openapi.wm.ToolWindowManager;
import org.jetbrains.annotations.NotNull;

/** Tools | Preview the Prompt: opens the tool window. */
public final class PreviewAction extends AnAction implements DumbAware {
    @Override
    public void actionPerformed(@NotNull AnActionEvent event) {
        if (event.getProject() == null) {
            return;
        }
        ToolWindow window = ToolWindowManager.getInstance(event.getProject()).getToolWindow("Prompt");
        if (window != null) {
            window.show();
        }
    }
}
