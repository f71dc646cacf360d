"""byte-order-mark: an invisible character at the start of the file hides its header."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from promptls.prompt.model import Document
from promptls.rules import Finding, Fix, Severity, rule
from promptls.rules.reported import reported

if TYPE_CHECKING:
    from promptls.workspace.snapshot import Snapshot


@rule("byte-order-mark", severity=Severity.ERROR, of="document", syntax=True)
def check(document: Document, snapshot: Snapshot) -> Iterator[Finding]:
    """Some editors put U+FEFF before the first character of a file. A loader that looks for `---` at the start
    does not find it there. Save the file as UTF-8 without a byte-order mark.
    """
    for problem in document.problems_of("byte-order-mark"):
        remove = Fix.delete(document.location(problem.span), "Remove the byte-order mark", safe=True)
        yield reported(document, problem, remove)
