package com.intellij.util.messages;

public interface MessageBus {
    MessageBusConnection connect(com.intellij.openapi.Disposable parent);
}
