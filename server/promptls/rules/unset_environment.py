"""unset-environment: an environment variable that the file reads is not set here."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from promptls.prompt.model import Document
from promptls.rules import Finding, Severity, rule

if TYPE_CHECKING:
    from promptls.workspace.snapshot import Snapshot


@rule("unset-environment", severity=Severity.INFORMATION, of="document")
def check(document: Document, snapshot: Snapshot) -> Iterator[Finding]:
    """A run from here would fail. The variable may well be set where the prompt runs for real, so this is only
    said in an editor, and not where `${env:NAME:default}` has a default. Values are never looked at.
    """
    if snapshot.environment is None:
        return
    for reference in document.references:
        if reference.kind != "environment" or reference.default is not None:
            continue
        if reference.target not in snapshot.environment:
            yield Finding(document.location(reference.span), f"`{reference.target}` is not set in this environment")
