"""partial-cycle: partials that include each other without an end."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from promptls.prompt.model import Document, Reference
from promptls.rules import Finding, Severity, rule
from promptls.text import Location
from promptls.text.uris import uri_key

if TYPE_CHECKING:
    from promptls.workspace.snapshot import Snapshot

MOST = 500
"""Includes that are followed from one file."""


@rule("partial-cycle", severity=Severity.ERROR, of="document")
def check(document: Document, snapshot: Snapshot) -> Iterator[Finding]:
    """Rendering never comes to an end, so the loader refuses it. Each step of the circle is shown with the finding.

    -- greet.prompt --
    ---
    model: googleai/gemini-2.5-flash
    ---
    {{> header}}
    Hello
    -- _header.prompt --
    {{> logo}}
        ^^^^ partial-cycle: `logo` includes `header`, which leads back to here
    -- _logo.prompt --
    {{> header}}
        ^^^^^^ partial-cycle: `header` includes `logo`, which leads back to here
    """
    for reference in _includes(document):
        steps = _way_back(document, reference, snapshot)
        if steps is None:
            continue
        names = [step.target for _, step in steps[1:]]
        if names:
            listed = ", which includes ".join(f"`{name}`" for name in names)
            message = f"`{reference.target}` includes {listed}, which leads back to here"
        else:
            message = f"`{reference.target}` is this file, which includes itself without an end"
        related = tuple((Location(there.uri, step.span), f"includes `{step.target}`") for there, step in steps[1:])
        yield Finding(document.location(reference.span), message, related=related)


def _includes(document: Document) -> Iterator[Reference]:
    return (one for one in document.references if one.kind == "template" and one.uri and not one.guarded)


def _way_back(document: Document, first: Reference, snapshot: Snapshot) -> list[tuple[Document, Reference]] | None:
    """The includes that lead from ``first`` back to its own document, the fewest there are; None where none do."""
    home = uri_key(document.uri)
    seen: set[str] = set()
    ways = [[(document, first)]]
    left = MOST
    while ways and left:
        left -= 1
        way = ways.pop(0)
        target = uri_key(way[-1][1].uri or "")
        if target == home:
            return way
        there = snapshot.document(way[-1][1].uri or "") if target not in seen else None
        seen.add(target)
        if there is not None:
            ways += [[*way, (there, reference)] for reference in _includes(there)]
    return None
