package com.intellij.openapi.vfs;

public abstract class VirtualFile {
    public boolean isInLocalFileSystem() {
        return false;
    }
}
