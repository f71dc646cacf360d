package dev.promptls.jetbrains;

import com.intellij.openapi.project.DumbAware;
import com.intellij.openapi.project.Project;
import com.intellij.openapi.util.Disposer;
import com.intellij.openapi.wm.ToolWindow;
import com.intellij.openapi.wm.ToolWindowFactory;
import com.intellij.ui.content.ContentFactory;
import org.jetbrains.annotations.NotNull;

/** The tool window that shows what a model would get. */
public final class PreviewWindowFactory implements ToolWindowFactory, DumbAware {
    @Override
    public void createToolWindowContent(@NotNull Project project, @NotNull ToolWindow window) {
        PreviewPanel panel = new PreviewPanel(project);
        Disposer.register(window.getDisposable(), panel);
        window.getContentManager().addContent(
                ContentFactory.getInstance().createContent(panel.getComponent(), null, false));
    }
}
