"""Rename: an input in header, samples and template, or a local name of the template."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from promptls.ide.builtins import words
from promptls.ide.definition import Symbolic, meaning_at, references_at
from promptls.prompt.model import Document
from promptls.syntax.template import DIALECTS
from promptls.syntax.template.names import Use
from promptls.text import Edit, Location, Span

if TYPE_CHECKING:
    from promptls.workspace.snapshot import Snapshot


class Renamable(NamedTuple):
    span: Span
    name: str


class RenameRefusedError(ValueError):
    """A rename that would break the file; the message says why, to a person."""


def renamable_at(document: Document, offset: int, snapshot: Snapshot) -> Renamable | None:
    """The name under the cursor, where it can be renamed: an input of this file or a local name."""
    meant = meaning_at(document, offset)
    if meant is None or (meant.item is None and meant.binding is None):
        return None
    if meant.binding and (meant.binding.kind in ("import", "builtin") or meant.item):
        return None
    if meant.item and meant.item.name_location.uri != document.uri:
        return None
    here = (at.span for at in references_at(document, offset, snapshot) if at.uri == document.uri)
    span = next((span for span in here if span.touches(offset)), None)
    return Renamable(span, meant.name) if span else None


def rename_at(document: Document, offset: int, name: str, snapshot: Snapshot) -> tuple[Edit, ...]:
    """The edits that give the name under the cursor another one. Raises RenameRefusedError."""
    if renamable_at(document, offset, snapshot) is None:
        raise RenameRefusedError("there is no name here that can be renamed")
    meant = meaning_at(document, offset)
    assert meant is not None
    _refuse(document, meant, name)
    places: set[Location] = set(references_at(document, offset, snapshot))
    return tuple(Edit(place.uri, place.span, name) for place in sorted(places) if place.uri == document.uri)


def _refuse(document: Document, meant: Symbolic, name: str) -> None:
    template = meant.prompt.template
    dialect = template.dialect if template else "jinja"
    rules = DIALECTS.get(dialect, DIALECTS["jinja"])
    if not rules.name.fullmatch(name):
        raise RenameRefusedError(f"`{name}` is not a name: use letters, digits and `_`, and begin with a letter")
    if name == meant.name or template is None:
        return
    if name in rules.reserved or any(name in words(dialect, kind, template.runtime) for kind in ("global", "helper")):
        raise RenameRefusedError(f"`{name}` has a meaning in {dialect.capitalize()} already")
    analysis = template.analysis
    if meant.item and (meant.prompt.input(name) or any(_reads(use, name) for use in analysis.uses)):
        raise RenameRefusedError(f"there is an input `{name}` already")
    own = [use.spans[0] for use in analysis.uses if use.binding == meant.binding and use.name == meant.name]
    for binding in analysis.bindings:
        if binding.name == name and (
            any(binding.scope.covers(span) for span in own)
            or (meant.binding is not None and binding.scope.overlaps(meant.binding.scope))
        ):
            line = document.text.line_at(binding.span.start) + 1
            raise RenameRefusedError(f"`{name}` means something else there: it is bound in line {line}")
    if meant.binding and any(_reads(use, name) and meant.binding.scope.covers(use.spans[0]) for use in analysis.uses):
        raise RenameRefusedError(f"`{name}` is read where the new name would hold, and means an input there")


def _reads(use: Use, name: str) -> bool:
    return use.binding is None and use.name == name
