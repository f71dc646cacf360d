"""Hover: what the thing under the cursor is, in a few lines of Markdown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from promptls.ide.hover.card import Card
from promptls.prompt.model import Document

if TYPE_CHECKING:
    from promptls.workspace.snapshot import Snapshot

__all__ = ["Card", "hover_at"]


def hover_at(document: Document, offset: int, snapshot: Snapshot) -> Card | None:
    """The card of what ``offset`` touches; None where there is nothing to say."""
    return None
