package com.redhat.devtools.lsp4ij.server;

@SuppressWarnings("serial")
public class CannotStartProcessException extends RuntimeException {
    public CannotStartProcessException(String message) {
        super(message);
    }
}
