"""The syntax of snippets: what has to be escaped in them."""

from __future__ import annotations


def plain(text: str) -> str:
    """Text that a snippet inserts as it is."""
    return text.replace("\\", "\\\\").replace("$", "\\$").replace("}", "\\}")
