"""How far a declaration reaches: the text that goes when it is removed, line and comma included."""

from __future__ import annotations

from promptls.syntax.yaml_tree import Mapping, Sequence
from promptls.text import Span


def declaration(text: str, parent: Mapping | Sequence, index: int) -> Span:
    """The span of the entry or item ``index`` of ``parent``, so that what is left is well-formed.

    In block style the lines from the key (or dash) to the end of the value's last line; comments that
    stand between two declarations stay, they belong to the next one. In flow style the item and one comma.
    """
    if parent.flow:
        return _in_flow(text, parent, index)
    own = part(parent, index)
    start = _line_start(text, own.start, dash=isinstance(parent, Sequence))
    end = line_end(text, start + len(text[start : own.end].rstrip()))
    if index + 1 < count(parent):
        end = min(end, part(parent, index + 1).start)
    return Span(start, max(start, end))


def part(parent: Mapping | Sequence, index: int) -> Span:
    return parent.entries[index].span if isinstance(parent, Mapping) else parent.items[index].span


def count(parent: Mapping | Sequence) -> int:
    return len(parent.entries if isinstance(parent, Mapping) else parent.items)


def line_start(text: str, offset: int) -> int:
    return max(text.rfind("\n", 0, offset), text.rfind("\r", 0, offset)) + 1


def line_end(text: str, offset: int) -> int:
    """The offset behind the line end of the line that holds ``offset``."""
    while offset < len(text) and text[offset] not in "\r\n":
        offset += 1
    if text.startswith("\r\n", offset):
        return offset + 2
    return min(offset + 1, len(text))


def _line_start(text: str, offset: int, dash: bool) -> int:
    """The start of the line, if only white space (and the item's dash) stands before; else of the item itself."""
    if dash:
        before = text.rfind("-", 0, offset)
        offset = before if before >= 0 and not text[before + 1 : offset].strip() else offset
    start = line_start(text, offset)
    return offset if text[start:offset].strip() else start


def _in_flow(text: str, parent: Mapping | Sequence, index: int) -> Span:
    own, whole = part(parent, index), parent.span
    if index + 1 < count(parent):
        return Span(own.start, part(parent, index + 1).start)
    if index == 0:
        inside = whole.end - 1 if text[whole.end - 1 : whole.end] in ("}", "]") else whole.end
        return Span(own.start, max(own.end, inside))
    return Span(part(parent, index - 1).end, own.end)
