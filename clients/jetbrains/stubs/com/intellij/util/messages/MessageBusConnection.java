package com.intellij.util.messages;

/** In the platform, of SimpleMessageBusConnection. */
public interface MessageBusConnection {
    <L> void subscribe(Topic<L> topic, L handler);
}
