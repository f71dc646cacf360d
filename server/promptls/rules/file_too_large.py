"""file-too-large: a file of more than 5 million characters is not looked into."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from promptls.prompt.model import Document
from promptls.rules import Finding, Severity, rule
from promptls.text import Span
from promptls.workspace.disk import FULL_LIMIT, SYNTAX_LIMIT

if TYPE_CHECKING:
    from promptls.workspace.snapshot import Snapshot


@rule("file-too-large", severity=Severity.INFORMATION, of="document", syntax=True)
def check(document: Document, snapshot: Snapshot) -> Iterator[Finding]:
    """Such a file is data rather than a prompt, and reading it at every key would make the editor slow. Above
    1 million characters only the syntax is checked.
    """
    size = len(document.text)
    first = document.location(Span(0, 1))
    if size > SYNTAX_LIMIT:
        yield Finding(first, f"Not checked: this file has {size:,} characters, more than {SYNTAX_LIMIT:,}")
    elif size > FULL_LIMIT and document.prompt_like:
        said = f"Only the syntax is checked: this file has {size:,} characters, more than {FULL_LIMIT:,}"
        yield Finding(first, said)
