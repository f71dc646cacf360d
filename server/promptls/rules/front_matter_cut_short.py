"""front-matter-cut-short: a `---` that is not meant to end the header ends it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from promptls.prompt.model import Document
from promptls.rules import Finding, Fix, Severity, rule
from promptls.rules.reported import reported
from promptls.syntax.problem import Problem
from promptls.text import Edit, Span

if TYPE_CHECKING:
    from promptls.workspace.snapshot import Snapshot

_RUN = re.compile(r"-{3,}|\+{3,}")


@rule("front-matter-cut-short", severity=Severity.WARNING, of="document", syntax=True)
def check(document: Document, snapshot: Snapshot) -> Iterator[Finding]:
    """Prompty takes the first `---` behind the opening one for the end of the header, also inside of a value or a
    comment. What follows is sent to the model as text, and no error says so.

    -- tell.prompty --
    ---
    name: tell
    description: one --- two
                     ^^^ front-matter-cut-short: The header ends at this `---`: the loader takes…
    ---
    user:
    Hello
    """
    for problem in document.problems_of("front-matter-cut-short"):
        yield reported(document, problem, *_fixes(document, problem))


def _fixes(document: Document, problem: Problem) -> tuple[Fix, ...]:
    """Another dash in all places that would cut the header next, up to the closer that the author meant."""
    text = document.text
    line, closer = problem.data.get("line"), problem.data.get("closer")
    if problem.kind == "longer" and isinstance(line, Span):
        rest = Span(problem.span.end, line.end)
        if not rest.slice(text.value).strip("-+ \t"):
            return (Fix.delete(document.location(rest), "Shorten the line to the fence"),)
        return (
            Fix.replace("Begin the template on a new line", document.location(rest), text.eol + rest.slice(text.value)),
        )
    if not isinstance(closer, Span):
        return ()
    edits = []
    for run in _RUN.finditer(text.value, problem.span.start, closer.start):
        before = text.value[text.line_span(text.line_at(run.start())).start : run.start()]
        other = "===" if before.lstrip().startswith("#") else "—" if before.strip() else "***"
        edits.append(Edit(document.uri, Span(*run.span()), other))
    first = edits[0].text if edits else ""
    return (Fix(f"Write `{first}` instead", tuple(edits), preferred=True),) if edits else ()
