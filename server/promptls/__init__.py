"""promptls: the language server for prompt files."""

__version__ = "0.1.0"
