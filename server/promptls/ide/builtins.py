"""What a dialect knows by itself (``schemas/data``) and what the host application adds (``promptls.yaml``)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from promptls.schema.dialects import Words, dialect_words

if TYPE_CHECKING:
    from promptls.workspace.config import HostNames

__all__ = ["KINDS", "Words", "host_words", "words"]

KINDS = {
    "filter": "filters",
    "test": "tests",
    "tag": "tags",
    "global": "globals",
    "special": "special",
    "helper": "helpers",
}
"""Kinds of words and their tables. ``special``: names that a tag brings with it (``loop``)."""


def words(dialect: str, kind: str, runtime: str = "") -> Words:
    """The built-in names of a kind with ``signature``, ``description``, ``example``; none of an unknown dialect."""
    return dialect_words(dialect, KINDS[kind], runtime)


def host_words(host: HostNames, kind: str) -> frozenset[str]:
    """The names of a kind that the host application registers."""
    known = {
        "filter": host.filters,
        "test": host.tests,
        "global": host.globals,
        "tag": host.tags,
        "helper": host.helpers,
    }
    return known.get(kind, frozenset())
