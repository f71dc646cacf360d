"""Semantic tokens: what each word of a prompt file is, in LSP's standard types."""

from __future__ import annotations

from typing import NamedTuple

from promptls.prompt.model import Document
from promptls.text import Span

TYPES = (
    "namespace",
    "class",
    "enumMember",
    "parameter",
    "variable",
    "property",
    "function",
    "method",
    "macro",
    "keyword",
    "comment",
    "string",
    "number",
    "operator",
)
MODIFIERS = ("declaration", "readonly", "deprecated", "modification", "defaultLibrary")


class Token(NamedTuple):
    """``type`` is one of TYPES, each modifier one of MODIFIERS; ``span`` lies in one line."""

    span: Span
    type: str
    modifiers: tuple[str, ...] = ()


def tokens_of(document: Document, span: Span | None = None) -> tuple[Token, ...]:
    """The tokens (of ``span`` only, where one is given), sorted, none over another, none across lines."""
    return ()
