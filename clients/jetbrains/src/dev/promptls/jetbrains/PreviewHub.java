package dev.promptls.jetbrains;

import com.intellij.openapi.project.Project;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.function.Consumer;

/** Brings what the server tells of previews to the windows of a project that show one. */
public final class PreviewHub {
    private final Set<Consumer<Preview>> windows = new CopyOnWriteArraySet<>();

    static PreviewHub getInstance(Project project) {
        return project.getService(PreviewHub.class);
    }

    void add(Consumer<Preview> window) {
        windows.add(window);
    }

    void remove(Consumer<Preview> window) {
        windows.remove(window);
    }

    void tell(Preview preview) {
        windows.forEach(window -> window.accept(preview));
    }
}
