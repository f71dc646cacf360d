"""wrong-type: a value of a type that its key cannot have."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from promptls.prompt.model import Document
from promptls.rules import Finding, Severity, rule
from promptls.rules.reported import template_is_doubtful
from promptls.rules.violated import value_fixes, violated, violations_of

if TYPE_CHECKING:
    from promptls.workspace.snapshot import Snapshot


@rule("wrong-type", severity=Severity.WARNING, of="document")
def check(document: Document, snapshot: Snapshot) -> Iterator[Finding]:
    """The loader refuses it, or passes on what the model's provider then refuses. A number in quotes is a text.

    -- ask.prompty --
    ---
    name: ask
    model:
      id: gpt-4o
      options:
        temperature: hot
                     ^^^ wrong-type: `temperature` must be a number, not the string `hot`
    ---
    user:
    Hello
    """
    if template_is_doubtful(document):
        return
    for violation in violations_of(document, snapshot, "wrong-type"):
        yield violated(document, violation, *value_fixes(document, violation))
