package com.redhat.devtools.lsp4ij;

public class LanguageServerItem {
    public org.eclipse.lsp4j.services.LanguageServer getServer() {
        return null;
    }
}
