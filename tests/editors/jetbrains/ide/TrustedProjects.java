package com.intellij.ide.trustedProjects;

public final class TrustedProjects {
    public static volatile boolean trusted = true;
    /** As in 2024.2. */
    public static volatile boolean missing;

    public static boolean isProjectTrusted(com.intellij.openapi.project.Project project) {
        if (missing) throw new NoSuchMethodError("isProjectTrusted");
        return trusted;
    }
}
