"""yaml-syntax: the YAML cannot be read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from promptls.prompt.model import Document
from promptls.rules import Finding, Fix, Severity, rule
from promptls.rules.reported import replacing, reported
from promptls.syntax.problem import Problem
from promptls.text import Span

if TYPE_CHECKING:
    from promptls.workspace.snapshot import Snapshot


@rule("yaml-syntax", severity=Severity.ERROR, of="document", syntax=True)
def check(document: Document, snapshot: Snapshot) -> Iterator[Finding]:
    """A loader that cannot read the YAML refuses the file. The usual cause is a value that starts with a character
    that means something in YAML, or has `: ` inside: put it in quotes.

    -- greet.prompty --
    ---
    name: greet
    description: Greet: a friendly line
                 ^^^^^^^^^^^^^^^^^^^^^^ yaml-syntax: This value holds `: `, which YAML reads as a key: quote the value
    ---
    user:
    Hello
    """
    for problem in document.problems_of("yaml-syntax"):
        yield reported(document, problem, *_fixes(document, problem))


def _fixes(document: Document, problem: Problem) -> tuple[Fix, ...]:
    """The parser names the change where one mends it."""
    value, replacement, remove = (problem.data.get(key) for key in ("value", "replacement", "remove"))
    if isinstance(value, Span) and isinstance(replacement, str):
        return (Fix.replace("Put the value in quotes", document.location(value), replacement),)
    if isinstance(remove, Span):
        return (Fix.delete(document.location(remove), "Remove it"),)
    return replacing(document, problem)
