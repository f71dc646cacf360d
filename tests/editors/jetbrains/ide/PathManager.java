package com.intellij.openapi.application;

import java.net.URISyntaxException;
import java.nio.file.Path;

public final class PathManager {
    public static String getJarPathForClass(Class<?> type) {
        try {
            return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
        } catch (URISyntaxException error) {
            throw new IllegalStateException(error);
        }
    }
}
