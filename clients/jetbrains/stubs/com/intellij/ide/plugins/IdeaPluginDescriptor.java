package com.intellij.ide.plugins;

public interface IdeaPluginDescriptor {
    java.nio.file.Path getPluginPath();
}
