package com.intellij.openapi.fileEditor;

import com.intellij.openapi.vfs.VirtualFile;

public final class FileEditorManagerEvent {
    private final VirtualFile file;

    public FileEditorManagerEvent(VirtualFile file) {
        this.file = file;
    }

    public VirtualFile getNewFile() {
        return file;
    }
}
