package com.intellij.openapi.application;

public final class PathManager {
    public static String getJarPathForClass(Class<?> type) {
        return null;
    }
}
