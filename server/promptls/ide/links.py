"""Document links: the files that a prompt file names, one click away. URLs are left to the editor."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from promptls.ide.places import included_file
from promptls.prompt.model import Document
from promptls.text import Span

if TYPE_CHECKING:
    from promptls.workspace.snapshot import Snapshot


class Link(NamedTuple):
    """``span``: the path as written; ``uri``: the file it names."""

    span: Span
    uri: str
    tooltip: str


def links_of(document: Document, snapshot: Snapshot | None = None) -> tuple[Link, ...]:
    """Links to files that are there; a path to nothing is a finding, not a link. Other templates that the prompt
    includes are looked for where a ``snapshot`` is given."""
    found = [
        Link(reference.span, reference.uri, f"Open {reference.target}")
        for reference in document.references
        if reference.uri and reference.exists and not reference.span.empty
    ]
    read = {reference.span for reference in document.references}
    for prompt in document.prompts if snapshot else ():
        for include in prompt.template.analysis.includes if prompt.template else ():
            if include.span in read:
                continue
            uri = snapshot and included_file(document, include.target, snapshot)
            if uri and not include.span.empty:
                found.append(Link(include.span, uri, f"Open {include.target}"))
    return tuple(sorted(found, key=lambda link: link.span))
