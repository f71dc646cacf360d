package com.redhat.devtools.lsp4ij;

public class LSPIJUtils {
    public static String toUriAsString(com.intellij.openapi.vfs.VirtualFile file) {
        return null;
    }

    public static boolean openInEditor(
            String uri, org.eclipse.lsp4j.Position place, com.intellij.openapi.project.Project project) {
        return false;
    }
}
