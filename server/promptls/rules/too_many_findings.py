"""too-many-findings: only the first 1,000 findings of a file are shown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from promptls.rules import Finding, Severity, rule

if TYPE_CHECKING:
    from promptls.workspace.snapshot import Snapshot

MOST = 1000


@rule("too-many-findings", severity=Severity.INFORMATION, of="findings")
def check(found: Sequence[Finding], snapshot: Snapshot) -> Iterator[Finding]:
    """Nobody reads more at once, and an editor that is sent more becomes slow. Mend the first ones, or switch off
    the rule that they are of.
    """
    if len(found) > MOST:
        yield Finding(found[MOST].location, "More findings from here on are not shown")
