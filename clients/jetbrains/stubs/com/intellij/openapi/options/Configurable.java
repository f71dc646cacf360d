package com.intellij.openapi.options;

/** In the platform, all but the name are of UnnamedConfigurable. */
public interface Configurable {
    String getDisplayName();

    javax.swing.JComponent createComponent();

    boolean isModified();

    void apply() throws ConfigurationException;

    default void reset() {}
}
