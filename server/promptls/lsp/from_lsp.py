"""LSP's types to plain data."""

from __future__ import annotations

from collections.abc import Iterable

from promptls.lsp.positions import Change, Place
from promptls.lsp.wire import types


def place(position: types.Position) -> Place:
    return Place(position.line, position.character)


def changes(events: Iterable[types.TextDocumentContentChangeEvent]) -> list[Change]:
    return [
        Change(place(event.range.start), place(event.range.end), event.text)
        if isinstance(event, types.TextDocumentContentChangePartial)
        else Change(None, None, event.text)
        for event in events
    ]
