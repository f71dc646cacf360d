"""Folding: header, nested keys, messages, template blocks, long comments."""

from __future__ import annotations

from typing import NamedTuple

from promptls.prompt.model import Document
from promptls.text import Span


class Fold(NamedTuple):
    """``span`` starts on the line that stays visible and ends on the last line that is folded away.
    ``kind``: LSP's ``region`` or ``comment``, None for anything else."""

    span: Span
    kind: str | None = None


def folds_of(document: Document) -> tuple[Fold, ...]:
    """Folds of more than one line, in the order of the text, nested or apart."""
    return ()
