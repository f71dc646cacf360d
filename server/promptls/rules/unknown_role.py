"""unknown-role: a line that looks like the start of a message, and is text to the loader."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from promptls.prompt.model import Document
from promptls.rules import Finding, Fix, Severity, rule
from promptls.rules.reported import reported, template_is_doubtful

if TYPE_CHECKING:
    from promptls.workspace.snapshot import Snapshot


@rule("unknown-role", severity=Severity.WARNING, of="document")
def check(document: Document, snapshot: Snapshot) -> Iterator[Finding]:
    """What follows becomes part of the message above instead of one of its own.

    -- greet.prompty --
    ---
    name: greet
    ---
    system:
    You greet people.

    usr:
    ^^^ unknown-role: …
    Hello
    """
    if template_is_doubtful(document):
        return
    for problem in document.problems_of("unknown-role"):
        meant = problem.data.get("suggestion")
        place = document.location(problem.span)
        fixes = (Fix.replace(f"Change to `{meant}`", place, meant),) if isinstance(meant, str) and meant else ()
        yield reported(document, problem, *fixes)
