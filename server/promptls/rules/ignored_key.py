"""ignored-key: a key that the format's loader drops without a word."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from promptls.prompt.model import Document
from promptls.rules import Finding, Severity, rule
from promptls.rules.key_fixes import move, remove, rename
from promptls.rules.reported import replacing, reported
from promptls.rules.violated import violated, violations_of

if TYPE_CHECKING:
    from promptls.workspace.snapshot import Snapshot


@rule("ignored-key", severity=Severity.WARNING, of="document")
def check(document: Document, snapshot: Snapshot) -> Iterator[Finding]:
    """The prompt runs as if the line were not there. Write the key that the loader does read, or remove it.

    -- ask.prompty --
    ---
    name: ask
    model:
      id: gpt-4o
      options:
        temperature: 0.2
        max_tokens: 500
        ^^^^^^^^^^ ignored-key: Prompty 2.1.0 ignores `max_tokens`; write `maxOutputTokens`
    ---
    user:
    Hello
    """
    for violation in violations_of(document, snapshot, "ignored-key"):
        new = violation.data.get("replacedBy")
        kept = rename(document, snapshot, violation, new) or move(document, snapshot, violation, new)
        yield violated(document, violation, *kept, *remove(document, snapshot, violation, preferred=not kept))
    for problem in document.problems_of("ignored-key"):
        yield reported(document, problem, *replacing(document, problem))
