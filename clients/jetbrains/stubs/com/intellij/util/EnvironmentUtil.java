package com.intellij.util;

public final class EnvironmentUtil {
    public static java.util.Map<String, String> getEnvironmentMap() {
        return null;
    }
}
