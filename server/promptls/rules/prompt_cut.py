"""prompt-cut: the provider has read a part of the prompt only."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from promptls.prompt.model import Document
from promptls.rules import Finding, Severity, rule
from promptls.rules.results import answered, place

if TYPE_CHECKING:
    from promptls.workspace.snapshot import Snapshot


@rule("prompt-cut", severity=Severity.WARNING, of="document")
def check(document: Document, snapshot: Snapshot) -> Iterator[Finding]:
    """Ollama leaves out what its context has no room for, from the front, and answers as if nothing were missing: the
    instructions of the system message are what goes first. It is seen by the tokens that it counts.

    -- .promptls/greet-1.run.md --
    ---
    prompt: ../greet.prompty
    run:
      id: "1"
      status: finished
      provider: ollama
      tokens:
        input: 2050
               ^^^^ prompt-cut: `ollama` has read 2050 of about 7900 tokens and says nothing of it: set `context_length` under `parameters` to more, or shorten the prompt
        output: 12
        expected: 7900
    ---

    Dear Ada
    -- greet.prompty --
    ---
    name: greet
    model: gpt-4o
    ---
    user:
    Hello
    """  # noqa: E501
    answer = answered(document)
    if answer is None or not {"input", "expected"} <= answer.places.keys():
        return
    text = document.text.value
    read, expected = (answer.places[name].slice(text) for name in ("input", "expected"))
    help = "set `context_length` under `parameters` to more, or shorten the prompt"
    message = f"`{answer.provider}` has read {read} of about {expected} tokens and says nothing of it: {help}"
    yield Finding(place(document, answer, "input"), message)
