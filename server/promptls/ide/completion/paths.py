"""Paths of files that exist, and names of environment variables that are set."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from promptls.ide.completion.item import Completion
from promptls.ide.completion.order import arranged
from promptls.prompt.model import Document, TemplatePlaces
from promptls.text import Span
from promptls.text.uris import uri_key

if TYPE_CHECKING:
    from promptls.workspace.snapshot import Snapshot

_ELSEWHERE = re.compile(r"[/\\~]|[A-Za-z][\w+.-]*:")
_UNWRITABLE = re.compile(r"[\s()<>#]")
"""What ends a path in a text."""
_WORD = re.compile(r"[A-Z]?[a-z0-9]+|[A-Z]+(?![a-z])")


def files(document: Document, snapshot: Snapshot, typed: str, at: int, close: str = "") -> Iterator[Completion]:
    """Paths relative to the document that begin with ``typed``, which ends at offset ``at``; folders stay open.

    ``close``: what follows a file's path (``}``), where it is not there yet.
    """
    own = document.uri.rsplit("/", 1)[-1]
    start = at - len(typed.rpartition("/")[2])
    for path in snapshot.siblings(document.uri, typed):
        folder = path.endswith("/")
        name = path.rstrip("/").rpartition("/")[2] + ("/" if folder else "")
        if path == own or (name.startswith(".") and not typed.rpartition("/")[2].startswith(".")):
            continue
        text = name if folder else name + close
        yield Completion(name, "file", Span(start, at), text, detail=path, again=folder)


def named_files(document: Document, snapshot: Snapshot, offset: int) -> tuple[Completion, ...] | None:
    """The files that can be named at an offset of the text; None where no path stands or is begun."""
    place = next((place for place in document.path_places if place.span.touches(offset)), None)
    if place is None:
        return None
    typed = document.text.value[place.span.start : offset]
    if _ELSEWHERE.match(typed):
        return ()
    found = files(document, snapshot, typed, offset, place.close if offset == place.span.end else "")
    return arranged((item for item in found if not _UNWRITABLE.search(item.label)), typed.rpartition("/")[2])


def partials(document: Document, places: TemplatePlaces, snapshot: Snapshot, replace: Span) -> Iterator[Completion]:
    """The templates that can be included by name; of two with one name the one that is found first."""
    seen = set()
    for folder in places.folders:
        for path in snapshot.siblings(document.uri, folder):
            name = places.name_of(path.removeprefix(folder))
            sibling = snapshot.sibling(document.uri, path) if name and "/" not in name else None
            if sibling is None or name in seen or sibling.uri is None or uri_key(sibling.uri) == uri_key(document.uri):
                continue
            seen.add(name)
            data = {"kind": "template", "uri": sibling.uri}
            yield Completion(name, "file", replace, name, detail=path.removeprefix("root:"), data=data)


def environment(document: Document, snapshot: Snapshot, key: str, replace: Span, close: str) -> Iterator[Completion]:
    """Names only, never what they hold: those that sound like the key first, then those the file reads already."""
    here = replace.start
    used = [
        reference.target
        for reference in document.references
        if reference.kind == "environment" and not reference.span.touches(here)
    ]
    known = snapshot.environment or frozenset()
    wanted = {word.upper() for word in _WORD.findall(key)}
    names = sorted(
        known | set(used), key=lambda name: (-_alike(name, wanted), name not in used, name.startswith("_"), name)
    )
    for name in names:
        detail = "environment variable" if name in known else "environment variable, not set"
        yield Completion(name, "variable", replace, name + close, detail=detail)


def _alike(name: str, wanted: Iterable[str]) -> int:
    return len(set(name.upper().split("_")) & set(wanted))
