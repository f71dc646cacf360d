package org.jetbrains.plugins.textmate.api;

public interface TextMateBundleProvider {
    java.util.List<PluginBundle> getBundles();

    final class PluginBundle {
        public PluginBundle(String name, java.nio.file.Path path) {}
    }
}
