package com.intellij.ide.plugins;

public final class PluginManagerCore {
    public static IdeaPluginDescriptor getPlugin(com.intellij.openapi.extensions.PluginId id) {
        return null;
    }
}
