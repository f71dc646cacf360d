"""Document symbols: the header's keys, the messages by role, the blocks inside of them."""

from __future__ import annotations

from dataclasses import dataclass

from promptls.prompt.model import Document
from promptls.text import Span


@dataclass(frozen=True, slots=True)
class Symbol:
    """``kind``: ``key``, ``object``, ``array``, ``message``, ``block``, ``macro``, ``variable``.
    ``span`` covers the children's; ``name_span`` lies in ``span``."""

    name: str
    detail: str
    kind: str
    span: Span
    name_span: Span
    children: tuple[Symbol, ...] = ()


def symbols_of(document: Document) -> tuple[Symbol, ...]:
    """The outline of a document, in the order of the text."""
    return ()
