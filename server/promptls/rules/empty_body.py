"""empty-body: a header with no prompt below it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from promptls.prompt.model import Document
from promptls.rules import Finding, Severity, rule
from promptls.rules.reported import reported, template_is_doubtful

if TYPE_CHECKING:
    from promptls.workspace.snapshot import Snapshot


@rule("empty-body", severity=Severity.WARNING, of="document")
def check(document: Document, snapshot: Snapshot) -> Iterator[Finding]:
    """A run would send nothing, or fail. Comments are no text.

    -- greet.prompty --
    ---
    name: greet
    ---
    ^^^ empty-body: There is no prompt below the header: Prompty v2 sends an empty `system` message

    {# nothing yet #}
    """
    if template_is_doubtful(document):
        return
    for problem in document.problems_of("empty-body"):
        yield reported(document, problem)
