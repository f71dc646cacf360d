package org.jetbrains.plugins.textmate.api;

import java.nio.file.Path;
import java.util.List;

public interface TextMateBundleProvider {
    List<PluginBundle> getBundles();

    final class PluginBundle {
        public final Path path;

        public PluginBundle(String name, Path path) {
            this.path = path;
        }
    }
}
