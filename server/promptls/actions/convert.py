"""A file of an older version of its format, rewritten for the current one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from promptls.actions.error import ActionError
from promptls.formats import Upgrade, upgrade, why_not
from promptls.prompt.model import Document

if TYPE_CHECKING:
    from promptls.workspace.snapshot import Snapshot


def convert(document: Document, snapshot: Snapshot) -> Upgrade:
    """Its edits, and what they cannot carry. Raises ActionError where there is nothing to convert, or no way to."""
    made = upgrade(document, lambda path: snapshot.sibling(document.uri, path))
    if made is None:
        raise ActionError(f"This file {why_not(document)}")
    return made
