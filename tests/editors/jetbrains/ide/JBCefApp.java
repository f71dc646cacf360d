package com.intellij.ui.jcef;

public final class JBCefApp {
    public static volatile boolean supported = true;
    /** As where the IDE's browser is a plugin, and off. */
    public static volatile boolean missing;

    public static boolean isSupported() {
        if (missing) throw new NoClassDefFoundError("com/intellij/ui/jcef/JBCefApp");
        return supported;
    }
}
