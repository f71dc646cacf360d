package com.redhat.devtools.lsp4ij;

import org.eclipse.lsp4j.services.LanguageServer;

public class LanguageServerItem {
    private final LanguageServer server;

    LanguageServerItem(LanguageServer server) {
        this.server = server;
    }

    public LanguageServer getServer() {
        return server;
    }
}
