package com.intellij.util;

import java.util.Map;

public final class EnvironmentUtil {
    public static volatile String path = "";

    public static Map<String, String> getEnvironmentMap() {
        return Map.of("PATH", path);
    }
}
