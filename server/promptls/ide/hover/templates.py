"""What another template is for, and how it begins: for who includes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from promptls.ide.markdown import paragraphs
from promptls.text.markdown import code, escape, fenced

if TYPE_CHECKING:
    from promptls.workspace.snapshot import Snapshot

FIRST_LINES = 8
LONGEST_LINE = 120
MOST_NAMES = 12


def template_text(uri: str, snapshot: Snapshot) -> str:
    """The description, the names that it reads and the first lines of a template; empty where it cannot be read."""
    document = snapshot.document(uri)
    text = document.text if document is not None else snapshot.text(uri)
    if text is None:
        return ""
    prompt = document.prompts[0] if document is not None and document.prompts else None
    description = escape(prompt.description) if prompt is not None else ""
    read = prompt.also_reads if prompt is not None else frozenset[str]()
    if prompt is not None and prompt.template is not None:
        read |= prompt.template.analysis.roots
    names = ", ".join(code(name) for name in sorted(read)[:MOST_NAMES])
    start = document.body.start if document is not None and document.body is not None else 0
    shown = text.value[start : start + FIRST_LINES * 400].splitlines()
    lines = [line[:LONGEST_LINE] for line in shown[:FIRST_LINES]]
    if len(shown) > FIRST_LINES:
        lines.append("…")
    dialect = prompt.template.dialect if prompt is not None and prompt.template is not None else ""
    return paragraphs(description, f"reads {names}" if names else "", fenced("\n".join(lines), dialect))
