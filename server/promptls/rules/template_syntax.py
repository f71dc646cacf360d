"""template-syntax: the template cannot be read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from promptls.prompt.model import Document
from promptls.rules import Finding, Fix, Severity, rule
from promptls.rules.reported import reported
from promptls.syntax.problem import Problem
from promptls.syntax.template.second_opinion import second_opinion
from promptls.text import Edit, Span

if TYPE_CHECKING:
    from promptls.workspace.snapshot import Snapshot


@rule("template-syntax", severity=Severity.ERROR, of="document", syntax=True)
def check(document: Document, snapshot: Snapshot) -> Iterator[Finding]:
    """The engine refuses a template with a broken tag or a block that is not closed, so no message is made.

    -- greet.prompty --
    ---
    name: greet
    inputs:
      name: {kind: string}
    ---
    user:
    {% if name %}
    ^^^^^^^^^^^^^ template-syntax: `{% if name %}` is not closed
    Hello {{ name }}
    """
    problems = document.problems_of("template-syntax")
    for problem in problems:
        yield reported(document, problem, *_fixes(document, problem))
    if problems or not snapshot.second_opinion or not document.prompt_like or document.problems_of("unknown-tag"):
        return
    for prompt in document.prompts:
        if prompt.template is not None:
            for problem in second_opinion(prompt.template.tree, document.text.value):
                yield reported(document, problem)


def _fixes(document: Document, problem: Problem) -> tuple[Fix, ...]:
    place = document.location(problem.span)
    expected = problem.data.get("expected")
    match problem.kind:
        case "unclosed-block":
            return _insert(document, problem.data.get("at"), problem.data.get("insert"), problem.data.get("end"))
        case "unclosed-tag" if isinstance(expected, str):
            return _insert(document, *_end_of_tag(document, problem, expected), expected)
        case "open-string":
            return _insert(document, problem.span.end, problem.data.get("quote"), problem.data.get("quote"))
        case "wrong-closer" | "not-supported" if isinstance(expected, str):
            return (Fix.replace(f"Change to `{expected}`", place, expected),)
        case "stray-close" if isinstance(expected, str):
            return (Fix.replace(f"Change to `{expected}`", place, expected), Fix.delete(place, preferred=False))
        case "stray-close" | "stray-branch":
            return (Fix.delete(place),)
    return ()


def _insert(document: Document, at: object, text: object, shown: object) -> tuple[Fix, ...]:
    if not isinstance(at, int) or not isinstance(text, str):
        return ()
    return (Fix(f"Add `{shown}`", (Edit(document.uri, Span(at, at), text),), preferred=True),)


def _end_of_tag(document: Document, problem: Problem, closer: str) -> tuple[int, str]:
    """Behind the last word of the tag, with the blank that people write before a closer."""
    at = problem.data.get("at", problem.span.end)
    written = document.text.value[problem.span.start : at].rstrip()
    return problem.span.start + len(written), f" {closer}"
