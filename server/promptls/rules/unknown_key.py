"""unknown-key: a key that looks like a slip of one that the format knows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from promptls.prompt.model import Document
from promptls.rules import Finding, Severity, rule
from promptls.rules.key_fixes import remove, rename
from promptls.rules.rule_names import unknown_codes
from promptls.rules.violated import violated, violations_of

if TYPE_CHECKING:
    from promptls.workspace.snapshot import Snapshot


@rule("unknown-key", severity=Severity.WARNING, of="document")
def check(document: Document, snapshot: Snapshot) -> Iterator[Finding]:
    """A loader drops a key that it does not know, or refuses the file. Where it ignores them, keys that are near
    no known one are left alone: people keep notes in headers.

    -- greet.prompty --
    ---
    name: greet
    descripton: A greeting
    ^^^^^^^^^^ unknown-key: `descripton` is not a key of Prompty v2; did you mean `description`?
    ---
    user:
    Hello
    """
    for violation in violations_of(document, snapshot, "unknown-key"):
        meant = violation.data.get("suggestion") or violation.data.get("replacedBy")
        renamed = rename(document, snapshot, violation, meant)
        yield violated(document, violation, *renamed, *remove(document, snapshot, violation, preferred=False))
    yield from unknown_codes(document)
