"""answer-refused: the model refuses to answer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from promptls.prompt.model import Document
from promptls.rules import Finding, Severity, rule
from promptls.rules.results import answered, first_line

if TYPE_CHECKING:
    from promptls.workspace.snapshot import Snapshot


@rule("answer-refused", severity=Severity.WARNING, of="document")
def check(document: Document, snapshot: Snapshot) -> Iterator[Finding]:
    """The provider says that the model declined. A program that takes the text for an answer is wrong.

    -- .promptls/greet-1.run.md --
    ---
    prompt: ../greet.prompty
    run:
      id: "1"
      status: finished
      finish: refusal
    ---

    I can't help with that.
    ^^^^^^^^^^^^^^^^^^^^^^^ answer-refused: The model refuses to answer: say in the prompt …
    -- greet.prompty --
    ---
    name: greet
    model: gpt-4o
    ---
    user:
    Hello
    """
    answer = answered(document)
    if answer is not None and answer.finish == "refusal":
        message = "The model refuses to answer: say in the prompt what it is for, or take another model"
        yield Finding(first_line(document, answer), message)
