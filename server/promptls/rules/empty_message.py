"""empty-message: a role line with nothing below it."""

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


@rule("empty-message", severity=Severity.WARNING, of="document")
def check(document: Document, snapshot: Snapshot) -> Iterator[Finding]:
    """The message is lost, or sent empty, which some providers refuse; a loader may refuse the whole prompt. Comments
    are no text. Behind the last role line this is no more than an information: somebody may be writing there.

    -- greet.prompty --
    ---
    name: greet
    ---
    system:
    ^^^^^^^ empty-message: Nothing stands below `system:`: an empty message is sent, which some providers refuse

    user:
    Hello
    """
    if template_is_doubtful(document):
        return
    for problem in document.problems_of("empty-message"):
        prompt = document.prompt_at(problem.span.start)
        if prompt and is_in_broken_tag(prompt.template, problem.span):
            continue
        yield reported(document, problem, *_remove(document, problem))


def _remove(document: Document, problem: Problem) -> tuple[Fix, ...]:
    lines = problem.data.get("remove")
    if not isinstance(lines, Span):
        return ()
    return (Fix.delete(document.location(lines), "Remove the role line", preferred=False),)
