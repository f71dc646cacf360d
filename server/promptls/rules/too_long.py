"""too-long: a value that is longer than its format allows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from promptls.prompt.model import Document
from promptls.rules import Finding, Severity, rule
from promptls.rules.violated import violated, violations_of

if TYPE_CHECKING:
    from promptls.workspace.snapshot import Snapshot


@rule("too-long", severity=Severity.WARNING, of="document")
def check(document: Document, snapshot: Snapshot) -> Iterator[Finding]:
    """A loader or a catalogue refuses the value, or cuts it. Limits are those that the format itself states, in
    Unicode's characters (code points). Prompty, Dotprompt and plain templates state none.
    """
    for violation in violations_of(document, snapshot, "too-long"):
        yield violated(document, violation)
