package com.intellij.openapi.fileEditor;

public final class FileEditorManagerEvent {
    public com.intellij.openapi.vfs.VirtualFile getNewFile() {
        return null;
    }
}
