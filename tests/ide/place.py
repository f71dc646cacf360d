"""A cursor in a small workspace, ready to be asked."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from promptls.ide.completion import Completion, complete_at
from promptls.ide.hover import hover_at
from promptls.prompt.model import Document
from promptls.text import Text
from promptls.text.uris import path_to_uri
from promptls.workspace.files import snapshot_of
from promptls.workspace.snapshot import Snapshot
from tests.fixtures import fixture


class Place(NamedTuple):
    document: Document
    offset: int
    snapshot: Snapshot


def place(source: str, environment: Iterable[str] | None = None) -> Place:
    """The file of ``source`` with the cursor (the first one where there is none), read in its workspace."""
    known = fixture(source)
    snapshot = snapshot_of(known.files, environment)
    document = snapshot.document(path_to_uri(f"/work/{known.main}"))
    assert document is not None, f"{known.main} is no prompt file"
    return Place(document, known.cursor[1] if known.cursor else 0, snapshot)


def completions(source: str, environment: Iterable[str] | None = None) -> tuple[Completion, ...]:
    return complete_at(*place(source, environment))


def labels(source: str, environment: Iterable[str] | None = None) -> list[str]:
    return [item.label for item in completions(source, environment)]


def chosen(source: str, label: str = "", *, snippet: bool = False, environment: Iterable[str] | None = None) -> str:
    """The file after a choice was taken (the first one, if not named), as an editor without or with snippets does it.

    Of a snippet the place of the cursor stays as ``█``, the other stops as they are filled at first.
    """
    document, offset, snapshot = place(source, environment)
    found = complete_at(document, offset, snapshot)
    item = next((item for item in found if item.label == label or not label), None)
    assert item is not None, f"{label!r} is not among {[item.label for item in found]}"
    text = _filled(item.snippet) if snippet and item.snippet is not None else item.text
    line = document.text.line_text(document.text.line_at(item.replace.start))
    text = text.replace("\n", "\n" + line[: len(line) - len(line.lstrip(" "))])
    edits = [(item.replace, text), *((edit.span, edit.text) for edit in item.edits)]
    return document.text.apply(edits).value


def _filled(snippet: str) -> str:
    import re

    stop = "█" if "$0" in snippet else ""
    text = re.sub(r"(?<!\\)\$\{\d+:([^}]*)\}", r"\1", snippet)
    text = re.sub(r"(?<!\\)\$\{\d+\|([^,|]*)[^}]*\}", r"\1", text)
    text = re.sub(r"(?<!\\)\$0", stop, text)
    text = re.sub(r"(?<!\\)\$\d", "", text)
    return re.sub(r"\\([\\$}])", r"\1", text)


def hover(source: str, environment: Iterable[str] | None = None) -> str:
    card = hover_at(*place(source, environment))
    return card.markdown if card else ""


def hovered(source: str) -> str:
    """The text that the card is about."""
    where = place(source)
    card = hover_at(*where)
    return card.span.slice(where.document.text.value) if card else ""


def read(text: str, name: str = "prompt.prompty") -> Place:
    """A text as it is, without marks."""
    snapshot = snapshot_of({name: text})
    document = snapshot.document(path_to_uri(f"/work/{name}"))
    assert document is not None
    return Place(document, 0, snapshot)


def lines(document: Document, start: int, end: int) -> tuple[int, int]:
    text: Text = document.text
    return text.line_at(start), text.line_at(end)
