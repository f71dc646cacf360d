package com.intellij.ide.impl;

/** Kotlin: TrustedProjects.kt, `fun Project.isTrusted()`. */
public final class TrustedProjects {
    public static boolean isTrusted(com.intellij.openapi.project.Project project) {
        return false;
    }
}
