package com.redhat.devtools.lsp4ij;

public class LSPIJUtils {
    public static String toUriAsString(com.intellij.openapi.vfs.VirtualFile file) {
        return file.toString();
    }
}
