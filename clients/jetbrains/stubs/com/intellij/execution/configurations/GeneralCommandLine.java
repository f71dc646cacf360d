package com.intellij.execution.configurations;

public class GeneralCommandLine {
    public GeneralCommandLine(java.util.List<String> command) {}

    public void setWorkDirectory(String path) {}
}
