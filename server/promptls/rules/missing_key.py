"""missing-key: a key that something else in the header needs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from promptls.prompt.model import Document
from promptls.rules import Finding, Severity, rule
from promptls.rules.key_fixes import fill
from promptls.rules.reported import header_is_broken
from promptls.rules.violated import violated, violations_of

if TYPE_CHECKING:
    from promptls.workspace.snapshot import Snapshot


@rule("missing-key", severity=Severity.ERROR, of="document")
def check(document: Document, snapshot: Snapshot) -> Iterator[Finding]:
    """Without it the loader refuses the file, or a run of it fails; the message says which. In a header that cannot be
    read whole, nothing is missing.

    -- ask.prompty --
    ---
    name: ask
    inputs:
      - name: question
        ^^^^ missing-key: a declared value needs `kind`; Prompty 2.1.0 refuses a declaration without it
        description: What the customer wants to know
    ---
    user:
    {{ question }}
    """
    if header_is_broken(document):
        return
    for violation in violations_of(document, snapshot, "missing-key"):
        yield violated(document, violation, *fill(document, snapshot, violation))
