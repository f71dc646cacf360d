"""Findings of what parsers, readers and the schema stumbled over."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from promptls.prompt.model import Document
from promptls.rules.finding import Finding, Fix, Severity
from promptls.syntax.problem import Problem
from promptls.text import Edit, Location, Span


def reported(document: Document, problem: Problem, *fixes: Fix) -> Finding:
    """A problem as a finding. Where the reader knows better than the rule, `data['severity']` says how bad it is."""
    return Finding(
        document.location(problem.span),
        problem.message,
        fixes=fixes,
        severity=severity_of(problem.data.get("severity")),
        related=_first(document, problem.data),
    )


def replacing(document: Document, problem: Problem) -> tuple[Fix, ...]:
    """The fix that the reader names: `data['replacement']` for what is underlined, or `data['edits']` with a title."""
    new, edits = problem.data.get("replacement"), problem.data.get("edits")
    if isinstance(new, str):
        return (Fix.replace(f"Change to `{new}`", document.location(problem.span), new),)
    if not edits:
        return ()
    changes = tuple(Edit(document.uri, span, text) for span, text in edits)
    return (Fix(str(problem.data.get("title", "Mend it")), changes, preferred=True),)


def severity_of(word: Any) -> Severity | None:
    """``error`` and the like as a severity; None for anything else."""
    return Severity[word.upper()] if isinstance(word, str) and word.upper() in Severity.__members__ else None


def header_is_broken(document: Document) -> bool:
    """Whether the header may say more than could be read, so that nothing follows from what it lacks."""
    return any(problem.code in _LOSING for problem in document.problems)


def template_is_doubtful(document: Document) -> bool:
    """Whether nobody can say where the header ends, so that nothing follows from what either of the two lacks."""
    return any(problem.code in _MOVING for problem in document.problems)


_MOVING = ("front-matter-unclosed", "front-matter-cut-short")
_LOSING = ("yaml-syntax", "byte-order-mark", *_MOVING)


def _first(document: Document, data: Mapping[str, Any]) -> tuple[tuple[Location, str], ...]:
    first = data.get("first")
    return ((document.location(first), "The first one is here"),) if isinstance(first, Span) else ()
