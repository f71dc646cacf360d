"""unanswered-tool-call: the model waits for the result of a tool."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from promptls.prompt.model import Document
from promptls.rules import Finding, Severity, rule
from promptls.rules.results import answered

if TYPE_CHECKING:
    from promptls.workspace.snapshot import Snapshot


@rule("unanswered-tool-call", severity=Severity.INFORMATION, of="document")
def check(document: Document, snapshot: Snapshot) -> Iterator[Finding]:
    """The model asks for a tool to be called and goes on when it has the result. promptls runs nothing for a model, so
    the conversation ends here; your application goes on.

    -- .promptls/greet-1.run.md --
    ---
    prompt: ../greet.prompty
    run:
      id: "1"
      status: finished
      finish: tool_calls
      tool_calls: [weather]
                   ^^^^^^^ unanswered-tool-call: Nobody answers the call of `weather`: …
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
    for name, span in answer.calls if answer else ():
        instead = "for an answer in text set `tool_choice: none` under `parameters` and run it again"
        yield Finding(
            document.location(span), f"Nobody answers the call of `{name}`: promptls runs no tools; {instead}"
        )
