"""Code actions: the fixes of findings at a place, and all safe fixes of a file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from promptls.prompt.model import Document
from promptls.rules.finding import Finding
from promptls.text import Edit, Span

if TYPE_CHECKING:
    from promptls.workspace.snapshot import Snapshot

FIX_ALL = "source.fixAll.promptls"


@dataclass(frozen=True, slots=True)
class Action:
    """``kind``: LSP's (``quickfix``, ``refactor.rewrite``, ``source.fixAll.promptls``). ``finding``: what it
    mends. ``preferred``: the one right answer to it."""

    title: str
    kind: str
    edits: tuple[Edit, ...]
    finding: Finding | None = None
    preferred: bool = False


def actions_at(document: Document, span: Span, snapshot: Snapshot, findings: tuple[Finding, ...]) -> tuple[Action, ...]:
    """What can be done at ``span``; ``findings`` are those of the document."""
    return tuple(
        Action(fix.title, "quickfix", fix.edits, finding, fix.preferred)
        for finding in findings
        if finding.location.span.touches(span.start) or finding.location.span.overlaps(span)
        for fix in finding.fixes
    )


def fix_all(document: Document, snapshot: Snapshot) -> tuple[Edit, ...]:
    """All safe fixes of the document at once; the edits do not overlap."""
    return ()
