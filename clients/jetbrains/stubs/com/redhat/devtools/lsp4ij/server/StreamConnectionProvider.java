package com.redhat.devtools.lsp4ij.server;

public interface StreamConnectionProvider {
    void start() throws CannotStartProcessException;

    default Object getInitializationOptions(com.intellij.openapi.vfs.VirtualFile root) {
        return null;
    }
}
