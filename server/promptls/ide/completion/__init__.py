"""Completion: what can stand at the cursor, the likeliest first, and nothing that would be wrong there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from promptls.ide.completion.body import in_body
from promptls.ide.completion.documentation import documentation_of
from promptls.ide.completion.header import in_header
from promptls.ide.completion.item import Completion
from promptls.ide.places import template_at
from promptls.prompt.model import Document

if TYPE_CHECKING:
    from promptls.workspace.snapshot import Snapshot

__all__ = ["Completion", "complete_at", "documentation_of"]


def complete_at(document: Document, offset: int, snapshot: Snapshot) -> tuple[Completion, ...]:
    """The choices at ``offset``, best first; their order is the order to show."""
    offset = min(max(offset, 0), len(document.text))
    yaml = document.header or (document.yaml.span if document.yaml else None)
    if yaml and yaml.touches(offset):
        return in_header(document, yaml, offset, snapshot)
    inside = template_at(document, offset)
    return in_body(document, *inside, offset, snapshot) if inside else ()
