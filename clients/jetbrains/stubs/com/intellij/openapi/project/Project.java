package com.intellij.openapi.project;

/** In the platform, the last three are of ComponentManager. */
public interface Project {
    String getBasePath();

    <T> T getService(Class<T> type);

    com.intellij.util.messages.MessageBus getMessageBus();

    boolean isDisposed();
}
