package dev.promptls.jetbrains;

import com.intellij.execution.configurations.GeneralCommandLine;
import com.intellij.openapi.project.Project;
import com.intellij.openapi.vfs.VirtualFile;
import com.intellij.util.EnvironmentUtil;
import com.redhat.devtools.lsp4ij.server.CannotStartProcessException;
import com.redhat.devtools.lsp4ij.server.OSProcessStreamConnectionProvider;
import java.io.File;
import java.nio.file.Path;
import java.util.List;
import org.jetbrains.annotations.NotNull;

/** The server's process; which one is asked anew at each start, so that an installation is found by a restart. */
final class PromptConnection extends OSProcessStreamConnectionProvider {
    private final Project project;

    PromptConnection(@NotNull Project project) {
        this.project = project;
    }

    @Override
    public void start() throws CannotStartProcessException {
        String base = project.getBasePath();
        // A program that a project brings along is started only where the person trusts the project.
        Path environments = base == null || !Trust.in(project) ? null : Path.of(base);
        List<String> command = ServerCommand.find(PromptSettings.getInstance().getState().command, environments,
                        EnvironmentUtil.getEnvironmentMap(), File.separatorChar == '\\')
                .orElseThrow(() -> new CannotStartProcessException(ServerCommand.NOT_FOUND));
        GeneralCommandLine line = new GeneralCommandLine(command);
        line.setWorkDirectory(base);
        setCommandLine(line);
        super.start();
    }

    /** At its start already: between its first message and its first question nothing may be rendered either. */
    @Override
    public Object getInitializationOptions(VirtualFile root) {
        return PromptSettings.forServer(project);
    }
}
