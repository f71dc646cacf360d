package com.intellij.openapi.options;

@SuppressWarnings("serial")
public class ConfigurationException extends Exception {}
