"""The action that rewrites a file for the current version of its format, with what that version has no place for."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from promptls.formats import Lost, Upgrade, upgrade
from promptls.prompt.model import Document
from promptls.text import Span

if TYPE_CHECKING:
    from promptls.workspace.snapshot import Snapshot

_MOST = 4
"""Things that a title names."""
_KEY = re.compile(r"\s*([\w$-]+)\s*:")


def upgrade_at(document: Document, span: Span, snapshot: Snapshot) -> Upgrade | None:
    """Offered at the header, where the version shows."""
    if document.body is None or span.start >= document.body.start:
        return None
    return upgrade(document, lambda path: snapshot.sibling(document.uri, path))


def title_of(made: Upgrade, document: Document) -> str:
    """``Migrate to Prompty v2 (2 not carried as they are: `base`, `api_version`)``."""
    names = list(dict.fromkeys(_name(lost, document) for lost in made.lost))
    if not names:
        return made.title
    more = f" and {len(names) - _MOST} more" if len(names) > _MOST else ""
    many = f"{len(names)} not carried as they are" if len(names) > 1 else "not carried as it is"
    return f"{made.title} ({many}: {', '.join(names[:_MOST])}{more})"


def note_of(made: Upgrade, document: Document) -> str:
    """What is lost or not the same, a line each; empty where nothing is."""
    return "\n".join(f"Line {document.text.place(lost.span.start)[0] + 1}: {lost.message}" for lost in made.lost)


def _name(lost: Lost, document: Document) -> str:
    text = lost.span.slice(document.text.value)
    key = _KEY.match(text)
    words = key[1] if key is not None else text.split("\n")[0].strip()
    return f"`{words if len(words) <= 30 else words[:29] + '…'}`"
