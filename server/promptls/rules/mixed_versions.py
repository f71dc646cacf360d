"""mixed-versions: keys of two versions of the format in one file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from promptls.prompt.model import Document
from promptls.rules import Finding, Severity, rule
from promptls.rules.reported import reported

if TYPE_CHECKING:
    from promptls.workspace.snapshot import Snapshot


@rule("mixed-versions", severity=Severity.WARNING, of="document")
def check(document: Document, snapshot: Snapshot) -> Iterator[Finding]:
    """Each loader knows its own version's keys. The other version's are dropped, or make it refuse the file; no
    loader converts them. A key about which more can be said is reported by another rule.

    EXAMPLE
    """
    said = {violation.span for violation in snapshot.violations(document)}
    for problem in document.problems_of("mixed-versions"):
        if problem.span not in said:
            yield reported(document, problem)
