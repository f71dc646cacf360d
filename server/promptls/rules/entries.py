"""Changes to entries of a YAML mapping: what to delete so that one of them is gone and the rest stands as before."""

from __future__ import annotations

from promptls.prompt.model import Document
from promptls.syntax.yaml_tree import Entry, Mapping, Node, Sequence
from promptls.text import Span, Text


def removal_of(document: Document, key: Span) -> Span | None:
    """What to delete so that the entry whose key stands at ``key`` is gone; None where nothing else would be left
    in its mapping, or it shares its first line with something else."""
    mapping = _holder(document.yaml.root if document.yaml else None, key)
    if mapping is None or len(mapping.entries) < 2:
        return None
    index = next(at for at, entry in enumerate(mapping.entries) if entry.key.span == key)
    if mapping.flow:
        return _in_flow(mapping, index)
    return _lines_of(document.text, mapping.entries[index])


def _holder(root: Node | None, key: Span) -> Mapping | None:
    """The mapping that holds the key, found without recursion."""
    todo = [root]
    while todo:
        node = todo.pop()
        if isinstance(node, Mapping):
            if any(entry.key.span == key for entry in node.entries):
                return node
            todo += [entry.value for entry in node.entries if entry.value.span.covers(key)]
        elif isinstance(node, Sequence):
            todo += [item for item in node.items if item.span.covers(key)]
    return None


def _in_flow(mapping: Mapping, index: int) -> Span:
    """With the comma that separates it from a neighbour."""
    entry = mapping.entries[index]
    if index + 1 < len(mapping.entries):
        return Span(entry.span.start, mapping.entries[index + 1].span.start)
    return Span(mapping.entries[index - 1].span.end, entry.span.end)


def _lines_of(text: Text, entry: Entry) -> Span | None:
    start = text.line_starts[text.line_at(entry.span.start)]
    if text.value[start : entry.span.start].strip():
        return None
    return Span(start, line_end(text, entry.span.end))


def line_end(text: Text, offset: int) -> int:
    """The start of the line below the one that holds ``offset``; the end of the text where there is none."""
    line = text.line_at(offset)
    return text.line_starts[line + 1] if line + 1 < text.line_count else len(text)
