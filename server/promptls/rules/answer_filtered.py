"""answer-filtered: the provider's filter held the answer back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from promptls.prompt.model import Document
from promptls.rules import Finding, Severity, rule
from promptls.rules.results import answered, first_line

if TYPE_CHECKING:
    from promptls.workspace.snapshot import Snapshot


@rule("answer-filtered", severity=Severity.WARNING, of="document")
def check(document: Document, snapshot: Snapshot) -> Iterator[Finding]:
    """What came is nothing, or a part. The filter looks at the prompt as well as at the answer, so a harsh text
    in a sample can be the cause. Some providers let the filter be set for each deployment.

    -- .promptls/greet-1.run.md --
    ---
    prompt: ../greet.prompty
    run:
      id: "1"
      status: finished
      finish: content_filter
              ^^^^^^^^^^^^^^ answer-filtered: …
    ---
    -- greet.prompty --
    ---
    name: greet
    model: gpt-4o
    ---
    user:
    Hello
    """
    answer = answered(document)
    if answer is not None and "content-filter" in (answer.finish.replace("_", "-"), answer.failure):
        message = "The provider's content filter held the answer back: change what the prompt asks or quotes"
        yield Finding(first_line(document, answer), f"{message}, or the filter of your deployment")
