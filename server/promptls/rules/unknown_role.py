"""unknown-role: a line that looks like the start of a message, and is text to the loader."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from promptls.prompt.model import Document
from promptls.rules import Finding, Fix, Severity, rule
from promptls.rules.damage import is_in_broken_tag
from promptls.rules.reported import reported, template_is_doubtful
from promptls.syntax.problem import Problem
from promptls.text import Span

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
        prompt = document.prompt_at(problem.span.start)
        if prompt and is_in_broken_tag(prompt.template, problem.data.get("line") or problem.span):
            continue
        yield reported(document, problem, *_fixes(document, problem))


def _fixes(document: Document, problem: Problem) -> tuple[Fix, ...]:
    meant, line = problem.data.get("suggestion"), problem.data.get("line")
    if not isinstance(meant, str) or not meant:
        return ()
    written = problem.span.slice(document.text.value)
    if meant.lower() != written.lower():
        return (Fix.replace(f"Change to `{meant}`", document.location(problem.span), meant),)
    if not isinstance(line, Span):
        return ()
    # The role is known, but not with what stands behind it.
    return (Fix.replace(f"Write `{meant}:` alone", document.location(line), f"{meant}:"),)
