"""answer-cut: the answer ends because it may not be longer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from promptls.prompt.model import Document
from promptls.rules import Finding, Severity, rule
from promptls.rules.results import answered, place
from promptls.text import Span

if TYPE_CHECKING:
    from promptls.workspace.snapshot import Snapshot


@rule("answer-cut", severity=Severity.WARNING, of="document")
def check(document: Document, snapshot: Snapshot) -> Iterator[Finding]:
    """The model had more to say. What is missing may be what matters, and JSON that is cut off is none.

    -- .promptls/greet-1.run.md --
    ---
    prompt: ../greet.prompty
    parameters:
      max_tokens: 20
    run:
      id: "1"
      status: finished
      finish: length
    ---

    Dear Ada, it was a
                     ^ answer-cut: The answer is cut off at `max_tokens` (20): raise it, or ask for a shorter answer
    -- greet.prompty --
    ---
    name: greet
    model: gpt-4o
    ---
    user:
    Hello
    """
    answer = answered(document)
    if answer is None or answer.span.empty or answer.finish not in ("length", "context"):
        return
    last = document.location(Span(answer.span.end - 1, answer.span.end))
    if answer.finish == "context":
        message = "prompt and answer fill the model's window: shorten the prompt, or take a model with a larger one"
        yield Finding(last, f"The answer is cut off: {message}")
    elif "max_tokens" in answer.places:
        limit = place(document, answer, "max_tokens")
        most = limit.span.slice(document.text.value)
        message = f"The answer is cut off at `max_tokens` ({most}): raise it, or ask for a shorter answer"
        yield Finding(last, message, related=((limit, "The limit stands here"),))
    else:
        message = "at the most that the model writes: set `max_tokens` under `parameters`, or ask for a shorter answer"
        yield Finding(last, f"The answer is cut off {message}")
