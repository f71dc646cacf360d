package com.intellij.openapi.application;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Makes each service once, by its constructor without parameters, as the IDE does. */
public class ApplicationManager {
    private static final Map<Class<?>, Object> SERVICES = new ConcurrentHashMap<>();

    public static Application getApplication() {
        return new Application() {
            @Override
            public <T> T getService(Class<T> type) {
                return type.cast(SERVICES.computeIfAbsent(type, ApplicationManager::make));
            }
        };
    }

    private static Object make(Class<?> type) {
        try {
            return type.getDeclaredConstructor().newInstance();
        } catch (ReflectiveOperationException error) {
            throw new IllegalStateException(error);
        }
    }
}
