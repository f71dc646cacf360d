package dev.promptls.jetbrains;

import com.intellij.ide.plugins.IdeaPluginDescriptor;
import com.intellij.ide.plugins.PluginManagerCore;
import com.intellij.openapi.extensions.PluginId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jetbrains.annotations.NotNull;
import org.jetbrains.plugins.textmate.api.TextMateBundleProvider;

/** The grammars of the VS Code client, which lie unpacked beside the plugin's jar. */
public final class PromptColors implements TextMateBundleProvider {
    @Override
    public @NotNull List<TextMateBundleProvider.PluginBundle> getBundles() {
        IdeaPluginDescriptor plugin = PluginManagerCore.getPlugin(PluginId.getId("dev.promptls"));
        if (plugin == null) {
            return List.of();
        }
        Path bundle = plugin.getPluginPath().resolve("textmate");
        return Files.isDirectory(bundle) ? List.of(new TextMateBundleProvider.PluginBundle("promptls", bundle)) : List.of();
    }
}
