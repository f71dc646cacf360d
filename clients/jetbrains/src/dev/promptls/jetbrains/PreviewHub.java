package dev.promptls.jetbrains;

import com.intellij.openapi.project.Project;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArraySet;

/** Brings what the server tells to the windows of a project that show a preview. */
public final class PreviewHub {
    /** Called in threads of LSP4IJ's. */
    interface Window {
        void changed(Preview preview);

        /** It knows nothing of what was watched before. */
        void serverStarted();
    }

    private final Set<Window> windows = new CopyOnWriteArraySet<>();

    static PreviewHub getInstance(Project project) {
        return project.getService(PreviewHub.class);
    }

    void add(Window window) {
        windows.add(window);
    }

    void remove(Window window) {
        windows.remove(window);
    }

    void changed(Preview preview) {
        windows.forEach(window -> window.changed(preview));
    }

    void serverStarted() {
        windows.forEach(Window::serverStarted);
    }
}
