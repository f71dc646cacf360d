package com.intellij.ide.trustedProjects;

public interface TrustedProjectsListener {
    default void onProjectTrusted(com.intellij.openapi.project.Project project) {}

    default void onProjectUntrusted(com.intellij.openapi.project.Project project) {}
}
