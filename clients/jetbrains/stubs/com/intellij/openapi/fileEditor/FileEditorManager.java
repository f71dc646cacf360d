package com.intellij.openapi.fileEditor;

public abstract class FileEditorManager {
    public static FileEditorManager getInstance(com.intellij.openapi.project.Project project) {
        return null;
    }

    public abstract com.intellij.openapi.vfs.VirtualFile[] getSelectedFiles();
}
