"""answer-mismatch: the answer is not of the shape that the prompt declares."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from promptls.prompt.model import Document
from promptls.rules import Finding, Severity, rule
from promptls.rules.results import answered
from promptls.schema.answer import answer_problems
from promptls.workspace.asked import asked

if TYPE_CHECKING:
    from promptls.workspace.snapshot import Snapshot

_NO_ANSWER = ("length", "context", "content_filter", "refusal", "tool_calls")


@rule("answer-mismatch", severity=Severity.ERROR, of="document")
def check(document: Document, snapshot: Snapshot) -> Iterator[Finding]:
    """A program that reads the answer by the declared shape fails, or works with what is not there. Run it again with
    the errors, or change the shape to what the model answers.

    -- .promptls/weather-1.run.md --
    ---
    prompt: ../weather.prompty
    run:
      id: "1"
      status: finished
    ---

    {"city": "Ulm", "days": "two"}
                            ^^^^^ answer-mismatch: `days` must be a whole number, not the string `two`
    -- weather.prompty --
    ---
    name: weather
    model: gpt-4o
    outputs:
      - {name: city, kind: string}
      - {name: days, kind: integer}
    ---
    user:
    Where and for how long does it rain?
    """
    answer = answered(document)
    about = asked(document, snapshot) if answer else None
    shape = about[1].output if about else None
    # What was cut off or never came is told of by other rules.
    if answer is None or not shape or answer.status != "finished" or answer.partial or answer.finish in _NO_ANSWER:
        return
    for problem in answer_problems(answer.span.slice(document.text.value), shape):
        where = document.location(problem.span.shift(answer.span.start))
        yield Finding(where, problem.message, severity=Severity.WARNING if problem.kind == "fenced" else None)
