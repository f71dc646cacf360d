"""How far a declaration reaches: the text that goes when it is removed, line and comma included."""

from __future__ import annotations

import re

from promptls.syntax.yaml_tree import Mapping, Sequence
from promptls.text import Span

_PROPERTY = re.compile(r"(?:^|(?<=\s))([&!][^\s,\[\]{}]*\s+)\Z")


def declaration(text: str, parent: Mapping | Sequence, index: int) -> Span:
    """The span of the entry or item ``index`` of ``parent``, so that what is left is well-formed.

    In block style the lines from the key (or dash) to the end of the value's last line; comments that
    stand between two declarations stay, they belong to the next one. In flow style the item and one comma.
    """
    if parent.flow:
        return _in_flow(text, parent, index)
    own = part(parent, index)
    start = line_of_its_own(text, marker(text, own.start, "-" if isinstance(parent, Sequence) else "?"))
    end = line_end(text, start + len(text[start : own.end].rstrip()))
    if index + 1 < count(parent):
        end = min(end, line_of_its_own(text, part(parent, index + 1).start))
    return Span(start, max(start, end))


def marker(text: str, offset: int, sign: str) -> int:
    """Where a node really starts: at its dash (or ``?``), or at the anchor and the tag that are written before it."""
    while True:
        # What stands above the key of a mapping is the mapping's own.
        before = text[line_start(text, offset) if sign == "?" else max(0, offset - 300) : offset]
        properties = _PROPERTY.search(before)
        if properties is None:
            break
        offset -= len(before) - properties.start(1)
    at = offset - len(before) + len(before.rstrip()) - 1
    return at if before.rstrip().endswith(sign) and _is_marker(text, at) else offset


def line_of_its_own(text: str, offset: int) -> int:
    """The start of the line, if only white space stands before; else the place itself."""
    start = line_start(text, offset)
    return offset if text[start:offset].strip() else start


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


def _is_marker(text: str, at: int) -> bool:
    """Whether the dash or question mark stands by itself: first on its line, or after another one."""
    before = text[line_start(text, at) : at]
    return text[at + 1 : at + 2] in (" ", "\t", "\r", "\n", "") and not before.strip(" \t-?:")


def _in_flow(text: str, parent: Mapping | Sequence, index: int) -> Span:
    own, whole = part(parent, index), parent.span
    own = Span(marker(text, own.start, "?"), own.end)
    if index + 1 < count(parent):
        return Span(own.start, marker(text, part(parent, index + 1).start, "?"))
    if index == 0:
        inside = whole.end - 1 if text[whole.end - 1 : whole.end] in ("}", "]") else whole.end
        return Span(own.start, max(own.end, inside))
    return Span(part(parent, index - 1).end, own.end)
