"""Linked editing: names that stand twice and must stay the same, a block's and its end's, an XML-like tag's."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from promptls.ide.places import nodes_at, template_at
from promptls.prompt.model import Document, Template
from promptls.syntax.template import blocks_of
from promptls.syntax.template.tree import Node
from promptls.text import Span

_TAG_NAME = r"[^\W\d][\w.:-]*"
_AT_NAME = re.compile(rf"</?(?:{_TAG_NAME})?\Z")
_TAG = re.compile(rf"<(/?)({_TAG_NAME})((?:[\s\0](?:[^<>]*[^<>/])?)?)(/?)>")
_LONGEST_NAME = 100
_WORD = re.compile(r"\w+")


class Linked(NamedTuple):
    """``spans``: the places of the name, in order. ``pattern``: what it may become, as JavaScript's regular
    expressions write it; other text ends the linked editing."""

    spans: tuple[Span, ...]
    pattern: str


_BLOCK_PATTERN = r"""[^\s{}%#/^&=|~"'()<>]+"""
_TAG_PATTERN = r"""[^\s{}<>/="'&]+"""


def linked_at(document: Document, offset: int) -> Linked | None:
    """The name at ``offset`` and the one that must match it; None where there are not two that do."""
    inside = template_at(document, offset)
    if inside is None:
        return None
    _, template = inside
    text = document.text.value
    around = list(nodes_at(template.tree.root, offset))
    for node in reversed(around):
        names = _names_of_block(node, template.dialect, text)
        if names and any(span.touches(offset) for span in names):
            return Linked(names, _BLOCK_PATTERN)
    if not _AT_NAME.search(text, max(template.span.start, offset - _LONGEST_NAME), offset):
        return None
    names = _names_of_tag(template, around, text, offset)
    return Linked(names, _TAG_PATTERN) if names else None


def _names_of_block(node: Node, dialect: str, text: str) -> tuple[Span, Span] | None:
    if node.kind not in ("block", "raw") or node.close is None:
        return None
    kind, word = blocks_of(dialect), ""
    if kind == "tag":
        # Of these blocks only those that are called `block` may repeat their name.
        name = node.head[0].span if node.name == "block" and node.head else None
        word = "endblock"
    elif kind == "value":
        name = node.head[0].span if node.head else None
    else:
        name = node.name_span
    if name is None or name.empty:
        return None
    start = text.rfind(name.slice(text), node.close.start, node.close.end)
    before, end = text[node.close.start : max(start, 0)], start + len(name.slice(text))
    if start < 0 or "".join(_WORD.findall(before)) != word or _WORD.search(text, end, node.close.end):
        return None
    if word and not text[start - 1].isspace():
        return None
    return name, Span(start, end)


# XML-like tags


def _names_of_tag(template: Template, around: list[Node], text: str, offset: int) -> tuple[Span, Span] | None:
    """Both names of the tag that the cursor is in, where both are text of the same message and the same block."""
    holder = around[-1] if around else None
    if holder is None or holder.kind != "text":
        return None
    parent = next((node for node in reversed(around) if holder in node.body), template.tree.root)
    part = _message(template, offset)
    for opening, closing in _pairs(_text_of(parent, part, text), part.start):
        if opening.touches(offset) or closing.touches(offset):
            return opening, closing
    return None


def _message(template: Template, offset: int) -> Span:
    """The part of the template that is the message at the offset: tags do not reach from one into the next."""
    start, end = template.span
    for role in template.roles:
        if role.known and role.span.start >= offset:
            return Span(start, role.span.start)
        if role.known:
            start = role.span.end
    return Span(start, end)


def _text_of(parent: Node, part: Span, text: str) -> str:
    """The part of the text, with NULs for all that is not the parent's own text."""
    pieces = []
    at = part.start
    for node in parent.body:
        start, end = max(node.span.start, part.start), min(node.span.end, part.end)
        if node.kind == "text" and start < end:
            pieces += ["\0" * (start - at), text[start:end].replace("\0", " ")]
            at = end
    return "".join((*pieces, "\0" * (part.end - at)))


def _pairs(text: str, shift: int) -> Iterator[tuple[Span, Span]]:
    """The names of each tag and of its end. A tag without an end, as `<br>` in a prompt, is passed over; an end
    closes the nearest open tag of its name."""
    opened: list[tuple[str, Span]] = []
    counts: dict[str, int] = {}
    for found in _TAG.finditer(text):
        closes, name, more, alone = found.groups()
        span = Span(found.start(2) + shift, found.end(2) + shift)
        if not closes and not alone:
            opened.append((name, span))
            counts[name] = counts.get(name, 0) + 1
        elif closes and not more.strip() and counts.get(name):
            while True:
                known, start = opened.pop()
                counts[known] -= 1
                if known == name:
                    break
            yield start, span
