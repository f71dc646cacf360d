package com.intellij.ide.trustedProjects;

/** Kotlin: `object`, with `@JvmStatic` since 2024.3. */
public final class TrustedProjects {
    public static boolean isProjectTrusted(com.intellij.openapi.project.Project project) {
        return false;
    }
}
