"""The card of a file's first line: what it was taken for, and why."""

from __future__ import annotations

from promptls.ide.hover.card import Card
from promptls.ide.markdown import bullets, paragraphs
from promptls.prompt.model import Document, Prompt
from promptls.text.markdown import code, escape


def file_card(document: Document, offset: int) -> Card | None:
    """The recognised format, the dialect and what was found, for a cursor on the first line."""
    first = document.text.line_span(0)
    if not first.touches(offset):
        return None
    why = f"recognised by {document.recognised.why}" if document.recognised.why else ""
    lines = [line for prompt in document.prompts for line in _prompt_lines(prompt, len(document.prompts) > 1)]
    return Card(first, paragraphs(f"**{escape(document.recognised.title)}**", why, bullets(lines)))


def _prompt_lines(prompt: Prompt, several: bool) -> list[str]:
    counts = [_count(len(prompt.inputs), "input"), _count(len(prompt.samples), "sample")]
    if prompt.tools:
        counts.append(_count(len(prompt.tools), "tool"))
    lines = []
    if prompt.template:
        roles = [role.role for role in prompt.template.roles if role.known]
        said = _count(len(roles), "message") + (f" ({', '.join(roles[:8])}{', …' * (len(roles) > 8)})" if roles else "")
        counts.insert(0, said)
        lines.append(f"template language {code(prompt.template.dialect)}")
    lines.append(", ".join(counts))
    if prompt.model and prompt.model.id:
        lines.append(f"model {code(prompt.model.id)}")
    if several and prompt.name:
        lines.insert(0, f"prompt {code(prompt.name)}")
    return lines


def _count(number: int, word: str) -> str:
    return f"{number} {word}" + ("" if number == 1 else "s")
