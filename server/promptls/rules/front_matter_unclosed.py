"""front-matter-unclosed: the header is opened by `---` and never closed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from promptls.prompt.model import Document
from promptls.rules import Finding, Fix, Severity, rule
from promptls.rules.reported import reported
from promptls.syntax.problem import Problem
from promptls.text import Edit, Span

if TYPE_CHECKING:
    from promptls.workspace.snapshot import Snapshot


@rule("front-matter-unclosed", severity=Severity.ERROR, of="document", syntax=True)
def check(document: Document, snapshot: Snapshot) -> Iterator[Finding]:
    """The loader cannot tell where the header ends and the template begins, so it refuses the file or sends the
    header to the model.

    -- greet.prompty --
    ---
    ^^^ front-matter-unclosed: The header is never closed: write `---` on a line of its own where it ends
    name: greet
    user:
    Hello
    """
    for problem in document.problems_of("front-matter-unclosed"):
        yield reported(document, problem, *_close(document, problem))


def _close(document: Document, problem: Problem) -> tuple[Fix, ...]:
    at = problem.data.get("at")
    if not isinstance(at, int):
        return ()
    eol = document.text.eol
    if problem.kind == "no-body":
        return (Fix("Begin the template", (Edit(document.uri, Span(at, at), eol),), preferred=True),)
    fence = problem.data.get("fence", "---")
    before = eol if problem.data.get("newline_before") else ""
    edit = Edit(document.uri, Span(at, at), f"{before}{fence}{eol}")
    return (Fix(f"Close the header with `{fence}`", (edit,), preferred=True),)
