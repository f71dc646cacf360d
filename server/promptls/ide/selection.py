"""Selection ranges: from the word under the cursor outwards, by what belongs together."""

from __future__ import annotations

import re
from collections.abc import Iterator

from promptls.ide.outline import Section, sections
from promptls.ide.places import nodes_at, template_at
from promptls.prompt.model import Document
from promptls.syntax.yaml_tree import Mapping, Node, Scalar, Sequence
from promptls.text import Span

_WORD = re.compile(r"\w+")


def selection_at(document: Document, offset: int) -> tuple[Span, ...]:
    """The spans around ``offset``, innermost first, each inside of the next, the whole file last."""
    offset = min(max(offset, 0), len(document.text))
    found = {Span(0, len(document.text)), document.text.line_span(document.text.line_at(offset))}
    if document.header and document.header.touches(offset):
        found.add(document.header)
    if document.yaml and document.yaml.root and document.yaml.span.touches(offset):
        found.update(_in_yaml(document.yaml.root, offset))
    inside = template_at(document, offset)
    if inside:
        prompt, template = inside
        found.add(template.span)
        found.update(node.span for node in nodes_at(template.tree.root, offset) if node.kind != "text")
        for section in sections(document, prompt):
            found.update(_in_section(section, offset))
    line = document.text.line_span(document.text.line_at(offset))
    words = (Span(*word.span()) for word in _WORD.finditer(document.text.value, line.start, line.end))
    found.update(word for word in words if word.touches(offset))
    return tuple(_growing(found, offset))


def _growing(found: set[Span], offset: int) -> Iterator[Span]:
    """The spans that hold the offset, each covering the one before; one that crosses is left out."""
    last: Span | None = None
    for span in sorted(found, key=lambda span: (span.end - span.start, span.start)):
        if span.touches(offset) and not span.empty and (last is None or span.covers(last)):
            yield span
            last = span


def _in_yaml(root: Node, offset: int) -> Iterator[Span]:
    todo = [root]
    while todo:
        node = todo.pop()
        if not node.span.touches(offset):
            continue
        yield node.span
        if isinstance(node, Mapping):
            for entry in node.entries:
                if entry.span.touches(offset):
                    yield entry.span
                    todo += [entry.key, entry.value]
        elif isinstance(node, Sequence):
            todo += node.items
        elif isinstance(node, Scalar) and node.style in ("single", "double"):
            yield Span(node.span.start + 1, max(node.span.start + 1, node.span.end - 1))


def _in_section(section: Section, offset: int) -> Iterator[Span]:
    if section.span.touches(offset):
        yield section.span
        for child in section.children:
            yield from _in_section(child, offset)
