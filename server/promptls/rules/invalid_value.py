"""invalid-value: a value that is none of those that its key may have."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from promptls.prompt.model import Document
from promptls.rules import Finding, Severity, rule
from promptls.rules.reported import replacing, reported
from promptls.rules.violated import value_fixes, violated, violations_of

if TYPE_CHECKING:
    from promptls.workspace.snapshot import Snapshot


@rule("invalid-value", severity=Severity.WARNING, of="document")
def check(document: Document, snapshot: Snapshot) -> Iterator[Finding]:
    """It does nothing, or makes a run fail. A `${env:…}` or `${file:…}` may stand in for any value.

    -- ask.prompty --
    ---
    name: ask
    inputs:
      - name: question
        kind: strng
              ^^^^^ invalid-value: …
    ---
    user:
    {{ question }}
    """
    for violation in violations_of(document, snapshot, "invalid-value"):
        yield violated(document, violation, *value_fixes(document, violation))
    for problem in document.problems_of("invalid-value"):
        yield reported(document, problem, *replacing(document, problem))
