"""Role lines: at the start of a line of the body, where a message may begin."""

from __future__ import annotations

import re
from collections.abc import Iterator

from promptls.ide.completion.item import Completion
from promptls.ide.completion.snippets import plain
from promptls.prompt.model import Document, Template
from promptls.text import Span

_TYPED = re.compile(r"[ \t]*(?:#[ \t]*)?(\w*)")
_TAGS_ONLY = re.compile(r"\s*(?:\{%.*%\}|\{#.*#\}|\{\{[#/!^].*\}\})\s*")
_AFTER = {"": "system", "system": "user", "developer": "user", "user": "assistant", "assistant": "user"}


def role_lines(document: Document, template: Template, offset: int) -> tuple[str, Iterator[Completion]] | None:
    """What is typed of a role, and the roles; None where no message can begin or none is meant."""
    text = document.text
    line = text.line_span(text.line_at(offset))
    start = max(line.start, min(template.span.start, offset))
    typed = _TYPED.fullmatch(text.value, start, offset)
    rest = text.value[offset : min(line.end, template.span.end)]
    if not typed or not template.role_names or rest.strip(" \t:"):
        return None
    if not _may_begin(document, template, start):
        return None
    end = "" if ":" in rest else ":" + text.eol
    return typed[1], _choices(template, Span(typed.start(1), offset), end)


def _choices(template: Template, replace: Span, end: str) -> Iterator[Completion]:
    """The role that usually comes next is the first. ``end``: what of the line is not there yet, and a new one."""
    before = [role.role.lower() for role in template.roles if role.known and role.span.end < replace.start]
    names = list(template.role_names)
    following = _AFTER.get(before[-1] if before else "", "user")
    names.sort(key=lambda name: name != following)
    if before:
        names.sort(key=lambda name: name in ("system", "developer"))
    for name in names:
        line = f"{name}{end}"
        data = {"kind": "role", "name": name}
        yield Completion(
            name + ":", "role", replace, line, plain(line) + "$0", "starts a message", data=data, filter=name
        )


def _may_begin(document: Document, template: Template, start: int) -> bool:
    """In a paragraph a line that begins like a role is a sentence; a role line stands after a gap or a tag."""
    above = document.text.value[template.span.start : start]
    if not above.strip():
        return True
    last = above.splitlines()[-1]
    return not last.strip() or bool(_TAGS_ONLY.fullmatch(last))
