"""run-incomplete: the run ended before the answer did."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from promptls.prompt.model import Document
from promptls.rules import Finding, Severity, rule
from promptls.rules.results import answered, place

if TYPE_CHECKING:
    from promptls.workspace.snapshot import Snapshot

_ERROR, _INFORMATION = Severity.ERROR, Severity.INFORMATION


@rule("run-incomplete", severity=Severity.WARNING, of="document")
def check(document: Document, snapshot: Snapshot) -> Iterator[Finding]:
    """It failed, was stopped, or the connection was lost in the middle. The words that came until then are kept; they
    are no whole answer.

    -- .promptls/greet-1.run.md --
    ---
    prompt: ../greet.prompty
    run:
      id: "1"
      status: failed
              ^^^^^^ run-incomplete: The run failed: Wrong key: set OPENAI_API_KEY to one that is valid
      failure: authentication
      message: "Wrong key: set OPENAI_API_KEY to one that is valid"
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
    if answer is None or answer.failure == "content-filter":
        return
    where = place(document, answer, "status")
    because = f": {answer.message}" if answer.message else ""
    match answer.status:
        case "failed":
            yield Finding(where, f"The run failed{because or ' and does not say why: run it again'}", severity=_ERROR)
        case "cancelled":
            yield Finding(where, "The run was stopped: run it again for a whole answer", severity=_INFORMATION)
        case "interrupted":
            yield Finding(where, "promptls ended before the run did: run it again for a whole answer")
        case _ if answer.partial:
            message = f"The answer ends before its end{because or ', the connection was lost'}: run it again"
            yield Finding(place(document, answer, "partial", "status"), message)
