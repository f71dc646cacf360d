package com.redhat.devtools.lsp4ij;

import com.intellij.openapi.project.Project;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.eclipse.lsp4j.Position;

public class LSPIJUtils {
    /** As `uri:line`. */
    public static final BlockingQueue<String> OPENED = new LinkedBlockingQueue<>();

    public static String toUriAsString(com.intellij.openapi.vfs.VirtualFile file) {
        return file.toString();
    }

    public static boolean openInEditor(String uri, Position place, Project project) {
        return OPENED.add(uri + ":" + place.getLine());
    }
}
