"""front-matter-unread: a header that the file does not begin with."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from promptls.prompt.model import Document
from promptls.rules import Finding, Severity, rule
from promptls.rules.reported import replacing, reported

if TYPE_CHECKING:
    from promptls.workspace.snapshot import Snapshot


@rule("front-matter-unread", severity=Severity.WARNING, of="document", syntax=True)
def check(document: Document, snapshot: Snapshot) -> Iterator[Finding]:
    """The application looks for a header at the start of the file only. Below a code fence, as a chat puts one around
    its answer, an empty line or a heading it is text for the model, and what its keys say has no effect.

    -- tests.instructions.md --
    ```instructions
    ---
    ^^^ front-matter-unread: VS Code takes this header for text, because the file does not begin with it: remove …
    applyTo: '**/*.test.ts'
    ---
    Write one test for each behaviour.
    ```
    """
    for problem in document.problems_of("front-matter-unread"):
        yield reported(document, problem, *replacing(document, problem))
