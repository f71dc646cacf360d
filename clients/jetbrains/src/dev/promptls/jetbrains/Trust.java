package dev.promptls.jetbrains;

import com.intellij.ide.trustedProjects.TrustedProjects;
import com.intellij.openapi.project.Project;

/** Whether the person trusts a project. Where no IDE's way to ask is found, nobody does. */
final class Trust {
    private Trust() {}

    static boolean in(Project project) {
        try {
            return TrustedProjects.isProjectTrusted(project);
        } catch (LinkageError before) { // 2024.2 has it in another class, which later ones call deprecated
            try {
                return com.intellij.ide.impl.TrustedProjects.isTrusted(project);
            } catch (LinkageError elsewhere) {
                return false;
            }
        }
    }
}
