"""Document links: the files that a prompt file names, one click away. URLs are left to the editor."""

from __future__ import annotations

from typing import NamedTuple

from promptls.prompt.model import Document
from promptls.text import Span


class Link(NamedTuple):
    """``span``: the path as written; ``uri``: the file it names."""

    span: Span
    uri: str
    tooltip: str


def links_of(document: Document) -> tuple[Link, ...]:
    """Links to files that are there; a path to nothing is a finding, not a link."""
    return tuple(
        Link(reference.span, reference.uri, f"Open {reference.target}")
        for reference in sorted(document.references, key=lambda reference: reference.span)
        if reference.uri and reference.exists and not reference.span.empty
    )
