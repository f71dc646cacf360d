"""empty-answer: the model answered nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from promptls.formats.result.layout import SECTIONS
from promptls.prompt.model import Document
from promptls.rules import Finding, Severity, rule
from promptls.rules.results import answered, place

if TYPE_CHECKING:
    from promptls.workspace.snapshot import Snapshot


@rule("empty-answer", severity=Severity.WARNING, of="document")
def check(document: Document, snapshot: Snapshot) -> Iterator[Finding]:
    """The run went well and no text came. A model that thinks can use up all of its tokens before the first word.

    -- .promptls/greet-1.run.md --
    ---
    prompt: ../greet.prompty
    parameters:
      max_tokens: 20
    run:
      id: "1"
      status: finished
      finish: length
              ^^^^^^ empty-answer: The answer is empty: all of `max_tokens` (20) went into thinking; raise …
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
    if answer is None or answer.status != "finished" or not answer.span.empty or answer.calls:
        return
    has_media = any(one.title == SECTIONS["media"] for one in document.passages)
    if has_media or answer.finish in ("content_filter", "refusal"):
        return
    message = "The answer is empty: say in the prompt what to answer, and run it again"
    if answer.finish in ("length", "context"):
        message = "The answer is empty: all tokens went into thinking; set a larger `max_tokens`"
        if "max_tokens" in answer.places:
            most = answer.places["max_tokens"].slice(document.text.value)
            message = f"The answer is empty: all of `max_tokens` ({most}) went into thinking; raise it"
        message += ", or lower `reasoning_effort`"
    yield Finding(place(document, answer, "finish", "status"), message)
