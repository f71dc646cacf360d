"""merge-conflict-markers: a merge was not finished in this file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from promptls.prompt.model import Document
from promptls.rules import Finding, Fix, Severity, rule
from promptls.rules.conflicts import Conflict, conflicts_in
from promptls.text import Span

if TYPE_CHECKING:
    from promptls.workspace.snapshot import Snapshot


@rule("merge-conflict-markers", severity=Severity.WARNING, of="document", syntax=True)
def check(document: Document, snapshot: Snapshot) -> Iterator[Finding]:
    """In the header the markers make the loader refuse the file; in the template they are sent to the model, and both
    sides with them. Nothing else is said of what stands between the markers.

    -- greet.prompty --
    ---
    name: greet
    ---
    user:
    <<<<<<< HEAD
    ^^^^^^^^^^^^ merge-conflict-markers: A merge conflict is left here: keep one side and remove the markers
    Hello
    =======
    Good morning
    >>>>>>> politer
    """
    for conflict in conflicts_in(document.text.value):
        yield Finding(
            document.location(conflict.span),
            "A merge conflict is left here: keep one side and remove the markers",
            _fixes(document, conflict),
            severity=Severity.ERROR if _is_in_header(document, conflict.span) else None,
        )


def _is_in_header(document: Document, place: Span) -> bool:
    return any(problem.kind == "merge-conflict" and place.covers(problem.span) for problem in document.problems)


def _fixes(document: Document, conflict: Conflict) -> tuple[Fix, ...]:
    text = document.text.value
    # The end of the last marker's line goes with it; a side brings the ends of its own lines.
    rest = text[conflict.span.end : conflict.span.end + 2]
    more = 2 if rest == "\r\n" else 1 if rest[:1] in ("\n", "\r") else 0
    place = document.location(Span(conflict.span.start, conflict.span.end + more))
    sides = zip(("first", "second"), (conflict.ours, conflict.theirs), conflict.names, strict=True)
    return tuple(
        Fix.replace(f"Keep the {which} side{f' (`{name}`)' if name else ''}", place, side.slice(text), preferred=False)
        for which, side, name in sides
    )
