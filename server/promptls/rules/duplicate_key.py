"""duplicate-key: a key that is given twice; all but the last are lost."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from promptls.prompt.model import Document
from promptls.rules import Finding, Fix, Severity, rule
from promptls.rules.entries import removal_of
from promptls.rules.reported import reported
from promptls.syntax.problem import Problem
from promptls.text import Span

if TYPE_CHECKING:
    from promptls.workspace.snapshot import Snapshot


@rule("duplicate-key", severity=Severity.WARNING, of="document", syntax=True)
def check(document: Document, snapshot: Snapshot) -> Iterator[Finding]:
    """YAML forbids it, and loaders keep the last one without a word.

    -- greet.prompty --
    ---
    name: greet
    description: A greeting
    name: welcome
    ^^^^ duplicate-key: `name` is already set above: loaders keep only the last one
    ---
    user:
    Hello
    """
    for problem in document.problems_of("duplicate-key"):
        yield reported(document, problem, *_remove_first(document, problem))


def _remove_first(document: Document, problem: Problem) -> tuple[Fix, ...]:
    """Without the earlier one the file says what loaders read anyway."""
    first = problem.data.get("first")
    removal = removal_of(document, first) if isinstance(first, Span) else None
    if removal is None:
        return ()
    return (Fix.delete(document.location(removal), "Remove the one above, which is not read"),)
