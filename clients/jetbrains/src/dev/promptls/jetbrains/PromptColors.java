package dev.promptls.jetbrains;

import com.intellij.openapi.application.PathManager;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jetbrains.annotations.NotNull;
import org.jetbrains.plugins.textmate.api.TextMateBundleProvider;

/** The grammars of the VS Code client, which lie unpacked beside the folder of the plugin's jar. */
public final class PromptColors implements TextMateBundleProvider {
    @Override
    public @NotNull List<TextMateBundleProvider.PluginBundle> getBundles() {
        // To ask for the plugin's own descriptor is internal to IDEs since 2026.2.
        String jar = PathManager.getJarPathForClass(PromptColors.class);
        if (jar == null) {
            return List.of();
        }
        Path bundle = Path.of(jar).resolveSibling("../textmate").normalize();
        return Files.isDirectory(bundle) ? List.of(new TextMateBundleProvider.PluginBundle("promptls", bundle)) : List.of();
    }
}
