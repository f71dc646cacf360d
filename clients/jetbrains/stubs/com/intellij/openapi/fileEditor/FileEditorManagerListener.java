package com.intellij.openapi.fileEditor;

import com.intellij.util.messages.Topic;

public interface FileEditorManagerListener {
    Topic<FileEditorManagerListener> FILE_EDITOR_MANAGER = new Topic<>();

    default void selectionChanged(FileEditorManagerEvent event) {}
}
