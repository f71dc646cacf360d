"""Completion: what can stand at the cursor, the likeliest first, and nothing that would be wrong there."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from promptls.ide.completion.body import before_body, in_body
from promptls.ide.completion.codes import ignored_codes
from promptls.ide.completion.documentation import documentation_of
from promptls.ide.completion.header import in_header
from promptls.ide.completion.item import Completion
from promptls.ide.completion.order import arranged
from promptls.ide.completion.paths import named_files
from promptls.ide.completion.skeleton import skeleton
from promptls.ide.places import template_at
from promptls.prompt.model import Document, Prompt, Template
from promptls.text import Span

if TYPE_CHECKING:
    from promptls.workspace.snapshot import Snapshot

__all__ = ["Completion", "complete_at", "documentation_of"]

_GAP = re.compile(r"(?:\r\n|\n|\r)[ \t]*(?:\r\n|\n|\r)")
_LINE_END = re.compile(r"[\r\n]")


def complete_at(
    document: Document, offset: int, snapshot: Snapshot, *, asked: bool = True, paths: bool = True
) -> tuple[Completion, ...]:
    """The choices at ``offset``, best first; their order is the order to show.

    ``asked``: a person wants to see choices, or is typing a word. False: an editor asks because of a character like
    a blank or a colon; then only what has to be chosen here is answered, so that the next Enter is no choice.
    ``paths``: whether files that the text names are offered; an editor whose own kind of file it is may do so itself.
    """
    offset = min(max(offset, 0), len(document.text))
    if new := skeleton(document, offset):
        roles = () if document.text.value.strip() else before_body(document, offset)
        return arranged((*new, *roles), "")
    codes = ignored_codes(document, offset)
    if codes is not None:
        return codes
    yaml = _yaml_at(document, offset)
    if yaml:
        return in_header(document, yaml, offset, snapshot, asked)
    named = named_files(document, snapshot, offset)
    if named is not None:
        return named if paths else ()
    inside = template_at(document, offset) or _template_before(document, offset)
    if inside:
        return in_body(document, *inside, offset, snapshot, asked)
    return arranged(before_body(document, offset), "") if asked else ()


def _template_before(document: Document, offset: int) -> tuple[Prompt, Template] | None:
    """The template that ends before the cursor with nothing but blanks between, which its format cuts off."""
    for prompt in document.prompts:
        template = prompt.template
        if template and template.span.end < offset and not document.text.value[template.span.end : offset].strip():
            return prompt, template
    return None


def _yaml_at(document: Document, offset: int) -> Span | None:
    """The YAML that a cursor is in. The fence's own line is not; what follows a header without an end is, up to the
    next empty line, since that is where the next key is being typed."""
    header = document.header
    if header is None:
        return document.yaml.span if document.yaml else None
    text = document.text.value
    opened = any(one.code == "front-matter-unclosed" and not one.kind for one in document.problems)
    if opened and offset > header.end and not _GAP.search(text, header.end, offset):
        header = Span(header.start, document.text.line_span(document.text.line_at(offset)).end)
    fenced = text.startswith(("---", "+++"), header.start - 3) if header.start >= 3 else False
    beyond_fence = not fenced or _LINE_END.search(text, header.start, offset)
    return header if header.touches(offset) and beyond_fence else None
