"""deprecated-key: a key of an older version of the format."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from promptls.prompt.model import Document
from promptls.rules import Finding, Severity, rule
from promptls.rules.key_fixes import move, rename
from promptls.rules.reported import template_is_doubtful
from promptls.rules.violated import violated, violations_of

if TYPE_CHECKING:
    from promptls.workspace.snapshot import Snapshot


@rule("deprecated-key", severity=Severity.WARNING, of="document")
def check(document: Document, snapshot: Snapshot) -> Iterator[Finding]:
    """Loaders of the current version no longer read it. Where the new key stands in the same place and means the same,
    the fix renames it, and with it the keys below.

    -- ask.prompty --
    ---
    name: ask
    inputs:
      - name: question
        kind: string
        sample: What can you do?
        ^^^^^^ deprecated-key: `sample` is an old key that Prompty 2.1.0 ignores; write `default`
    ---
    user:
    {{ question }}
    """
    if template_is_doubtful(document):
        return
    for violation in violations_of(document, snapshot, "deprecated-key"):
        new = violation.data.get("replacedBy")
        yield violated(
            document,
            violation,
            *(rename(document, snapshot, violation, new, safe=True) or move(document, snapshot, violation, new)),
        )
