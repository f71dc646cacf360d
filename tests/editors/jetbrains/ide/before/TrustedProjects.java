package com.intellij.ide.impl;

public final class TrustedProjects {
    public static boolean isTrusted(com.intellij.openapi.project.Project project) {
        return com.intellij.ide.trustedProjects.TrustedProjects.trusted;
    }
}
