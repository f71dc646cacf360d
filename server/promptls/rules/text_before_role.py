"""text-before-role: text before the first role line, which loaders treat differently."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from promptls.prompt.model import Document
from promptls.rules import Finding, Fix, Severity, rule
from promptls.rules.damage import is_in_broken_tag
from promptls.rules.reported import reported, template_is_doubtful
from promptls.syntax.problem import Problem
from promptls.text import Edit, Span

if TYPE_CHECKING:
    from promptls.workspace.snapshot import Snapshot


@rule("text-before-role", severity=Severity.INFORMATION, of="document")
def check(document: Document, snapshot: Snapshot) -> Iterator[Finding]:
    """The format's loader makes a system message of it; its specification drops it. Write the role that is meant.

    -- greet.prompty --
    ---
    name: greet
    ---
    You greet people.
    ^^^^^^^^^^^^^^^^^ text-before-role: The text above the first role line is sent as a `system` message: write…
    user:
    Hello
    """
    if template_is_doubtful(document):
        return
    for problem in document.problems_of("text-before-role"):
        prompt = document.prompt_at(problem.span.start)
        if prompt and is_in_broken_tag(prompt.template, problem.data.get("line") or problem.span):
            continue
        yield reported(document, problem, *_insert(document, problem))


def _insert(document: Document, problem: Problem) -> tuple[Fix, ...]:
    at, line, role = (problem.data.get(key) for key in ("insert", "text", "role"))
    if not isinstance(at, int) or not isinstance(line, str):
        return ()
    edit = Edit(document.uri, Span(at, at), line.replace("\n", document.text.eol))
    return (Fix(f"Write `{role}:` above it", (edit,), preferred=True),)
