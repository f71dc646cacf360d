package com.intellij.openapi.fileEditor;

import com.intellij.openapi.project.Project;
import com.intellij.openapi.vfs.VirtualFile;

public abstract class FileEditorManager {
    public static volatile VirtualFile[] selected = {};

    public static FileEditorManager getInstance(Project project) {
        return new FileEditorManager() {
            @Override
            public VirtualFile[] getSelectedFiles() {
                return selected;
            }
        };
    }

    public abstract VirtualFile[] getSelectedFiles();
}
