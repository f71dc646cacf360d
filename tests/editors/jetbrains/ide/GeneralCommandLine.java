package com.intellij.execution.configurations;

import java.util.List;

public class GeneralCommandLine {
    public static volatile List<String> last;
    public static volatile String folder;

    public GeneralCommandLine(List<String> command) {
        last = command;
    }

    public void setWorkDirectory(String path) {
        folder = path;
    }
}
