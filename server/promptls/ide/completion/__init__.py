"""Completion: what can stand at the cursor, the likeliest first, and nothing that would be wrong there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from promptls.ide.completion.item import Completion
from promptls.prompt.model import Document

if TYPE_CHECKING:
    from promptls.workspace.snapshot import Snapshot

__all__ = ["Completion", "complete_at", "documentation_of"]


def complete_at(document: Document, offset: int, snapshot: Snapshot) -> tuple[Completion, ...]:
    """The choices at ``offset``, best first; their order is the order to show."""
    return ()


def documentation_of(data: Mapping[str, Any], snapshot: Snapshot) -> str:
    """The documentation (Markdown) of a choice, by its ``data``; empty where there is none."""
    return ""
