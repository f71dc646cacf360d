"""The header of a prompt file as an outline: entries that can be renamed and moved with the comments they carry.

Made for changes that go across a whole header. An entry keeps the text of its value as it was written, so that what
does not change is written back character by character. All line ends are ``\\n``; the caller converts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from promptls.formats.extent import line_start
from promptls.syntax.yaml_tree import Alias, Entry, Mapping, Node, Scalar, Sequence
from promptls.text import Span

NOWHERE = Span(0, 0)
_COMMENT = re.compile(r"#[^\n]*")


class NotOutlinedError(ValueError):
    """The header is written in a way (anchors, tags, merged keys, several keys on a line) that is left alone."""


@dataclass(slots=True)
class Raw:
    """A value as it is written: the rest of the key's line, then the lines below it, indented as in the file."""

    lines: list[str]


@dataclass(slots=True)
class Group:
    """A mapping. ``flow``: written as ``{…}``, with ``pad`` inside of the braces.

    ``beside``: what follows the key's colon, most often a comment. ``step``: how far in its entries stand from
    their key. ``tail``: lines below the last entry.
    """

    items: list[Item] = field(default_factory=list)
    flow: bool = False
    pad: str = ""
    beside: str = ""
    step: int = 2
    tail: list[str] = field(default_factory=list)

    def item(self, name: str) -> Item | None:
        return next((item for item in self.items if item.name == name), None)

    def take(self, name: str) -> Item | None:
        """The entry, no longer in the mapping."""
        found = self.item(name)
        if found is not None:
            self.items.remove(found)
        return found

    def at(self, item: Item) -> int:
        return next(index for index, each in enumerate(self.items) if each is item)


@dataclass(slots=True)
class Listing:
    """A list of mappings, each an ``Item`` without a name. ``gap``: from the dash to the keys behind it."""

    items: list[Item] = field(default_factory=list)
    beside: str = ""
    step: int = 2
    gap: int = 2
    tail: list[str] = field(default_factory=list)


Value: TypeAlias = "Raw | Group | Listing"


@dataclass(slots=True)
class Item:
    """One entry. ``above``: the comment lines that belong to it; an entry without a key is nothing but these.

    ``column``: where its key stood, which its lines are indented for. ``span``: its place in the file.
    """

    key: str
    value: Value
    above: list[str] = field(default_factory=list)
    column: int = 0
    name: str = ""
    node: Node | None = None
    span: Span = NOWHERE


def new(key: str, value: str | Value, like: Item | None = None) -> Item:
    """An entry that was not in the file; ``like``: the one whose place it stands for."""
    written = Raw([f" {value}"]) if isinstance(value, str) else value
    return Item(key, written, name=key, span=like.span if like else NOWHERE)


def comments(lines: list[str], column: int, span: Span) -> Item:
    """Comment lines that stand by themselves."""
    return Item("", Raw([""]), [" " * column + line for line in lines], column, span=span)


def outline(text: str, root: Mapping, region: Span) -> Group:
    """The outline of a header. ``region``: from the start of the first line to the end of the YAML.

    Raises NotOutlinedError. ``text`` has ``\\n`` as its only line end.
    """
    if root.flow:
        raise NotOutlinedError
    return _group(text, root, region, 0)


def lines_of(group: Group) -> list[str]:
    """The outline as lines of YAML."""
    return [*_lines(group.items, group.items[0].column if group.items else 0), *group.tail]


def scalar_text(item: Item | None) -> str:
    """The text of an entry whose value is a scalar; empty for all else."""
    node = item.node if item is not None else None
    return node.text if isinstance(node, Scalar) and node.value is not None else ""


def with_scalar(item: Item, old: str, word: str) -> None:
    """Writes another word in the place of an entry's scalar, whose source is ``old``."""
    if isinstance(item.value, Raw):
        item.value = Raw([item.value.lines[0].replace(old, word, 1), *item.value.lines[1:]])


def commented(item: Item, why: str) -> Item:
    """The entry as a comment, so that its value is not lost."""
    lines = list(_lines([replace(item, above=[])], item.column))
    first, *rest = [line[item.column :] if not line[: item.column].strip() else line for line in lines]
    told = [f"# {why}{first}", *(f"#   {line}".rstrip() for line in rest)]
    return Item("", Raw([""]), [*item.above, *(" " * item.column + line for line in told)], item.column, span=item.span)


def _group(text: str, node: Mapping, region: Span, column: int, *, listed: bool = False) -> Group:
    """A block mapping; ``region`` holds whole lines, ``column`` is that of its key, or of its dash if ``listed``."""
    items: list[Item] = []
    starts = [line_start(text, entry.key.span.start) for entry in node.entries]
    for index, entry in enumerate(node.entries):
        first, own = starts[index], entry.key.span.start
        if (
            first < region.start
            or text[first:own].strip(" -" if listed and not index else " ")
            or not entry.name
            or entry.name == "<<"
        ):
            raise NotOutlinedError
        before = items[-1].span.end if items else region.start
        items.append(_item(text, entry, own - first, Span(before, own)))
    end = items[-1].span.end if items else region.start
    inner = items[0].column if items else column + 2
    return Group(items, step=max(inner - column, 1), tail=_split_lines(text[end : region.end]))


def _item(text: str, entry: Entry, column: int, before: Span) -> Item:
    """``before``: from the end of the entry above to this one's key."""
    above = _split_lines(text[before.start : line_start(text, before.end)])
    colon = text.index(":", entry.key.span.end)
    value = entry.value
    if any(getattr(value, mark, None) is not None for mark in ("tag", "anchor")) or isinstance(value, Alias):
        raise NotOutlinedError
    last = entry.span.start + len(text[entry.span.start : max(entry.span.end, colon + 1)].rstrip())
    end = _line_end(text, last)
    end = _deeper_comments(text, end, column)
    lines = text[colon + 1 : end].removesuffix("\n").split("\n")
    key = text[entry.key.span.start : entry.key.span.end]
    return Item(key, Raw(lines), above, column, entry.name, value, Span(entry.key.span.start, end))


def opened(text: str, item: Item) -> Group | Listing | None:
    """The value of an entry as an outline of its own, if it is a mapping or a list of mappings."""
    if not isinstance(item.value, Raw):
        return item.value
    node = item.node
    colon = text.index(":", item.span.start + len(item.key))
    first_line = text.find("\n", colon)
    below = Span(min(first_line + 1 or item.span.end, item.span.end), item.span.end)
    if isinstance(node, Mapping) and not node.flow:
        found: Group | Listing = _group(text, node, below, item.column)
        found.beside = item.value.lines[0]
    elif isinstance(node, Mapping):
        found = _flow(text, node, item)
    elif isinstance(node, Sequence) and node.items and all(isinstance(each, Mapping) for each in node.items):
        found = _listing(text, node, below, item)
    else:
        return None
    item.value = found
    return found


def _flow(text: str, node: Mapping, item: Item) -> Group:
    """A mapping in braces; one that goes over several lines becomes a block."""
    several = "\n" in node.span.slice(text)
    items: list[Item] = []
    done = node.span.start
    for entry in node.entries:
        if not entry.name or isinstance(entry.value, Alias) or "\n" in entry.key.span.slice(text):
            raise NotOutlinedError
        if any(getattr(entry.value, mark, None) is not None for mark in ("tag", "anchor")):
            raise NotOutlinedError
        above = [match[0] for match in _COMMENT.finditer(text[done : entry.key.span.start])] if several else []
        source = entry.value.span.slice(text)
        lines = f" {source}".split("\n") if source else [""]
        key = entry.key.span.slice(text)
        items.append(Item(key, Raw(lines), above, 0, entry.name, entry.value, entry.span))
        done = entry.span.end
    rest = _COMMENT.findall(text[done : node.span.end]) if several else []
    after = text[node.span.end : item.span.end].split("\n")[0]
    pad = " " if text.startswith("{ ", node.span.start) else ""
    return Group(items, not several, pad, after if after.strip() else "", tail=rest)


def _listing(text: str, node: Sequence, below: Span, item: Item) -> Listing:
    if not isinstance(item.value, Raw):
        raise NotOutlinedError
    found = Listing(beside="" if node.flow else item.value.lines[0])
    if node.flow and "\n" in node.span.slice(text):
        raise NotOutlinedError
    done = below.start
    for each in node.items:
        if not isinstance(each, Mapping) or each.tag or each.anchor:
            raise NotOutlinedError
        if node.flow or each.flow:
            one = Item("", Raw([""]), [], 0, "", each, each.span)
            one.value = _flow(text, each, one)
            column = item.column + 2 if node.flow else each.span.start - line_start(text, each.span.start) - 2
        else:
            first = line_start(text, each.span.start)
            dash = text[first : each.span.start]
            if not re.fullmatch(r" *- +", dash):
                raise NotOutlinedError
            column, found.gap = dash.index("-"), len(dash) - dash.index("-")
            end = _deeper_comments(text, _line_end(text, each.span.start + len(each.span.slice(text).rstrip())), column)
            one = Item(
                "", _group(text, each, Span(first, end), column, listed=True), [], column, "", each, Span(first, end)
            )
        if not node.flow:
            first = line_start(text, each.span.start)
            one.above = _split_lines(text[done:first])
            done = max(one.span.end, _line_end(text, each.span.end - 1))
        found.step = column - item.column
        one.column = column
        found.items.append(one)
    found.tail = [] if node.flow else _split_lines(text[done : item.span.end])
    return found


def _lines(items: list[Item], column: int) -> Iterator[str]:
    for item in items:
        yield from _shifted(item.above, column - item.column)
        if item.key:
            yield from _entry(item, column)


def _entry(item: Item, column: int) -> Iterator[str]:
    head = f"{' ' * column}{item.key}:"
    value = item.value
    if isinstance(value, Raw):
        yield (head + value.lines[0]).rstrip() if value.lines[0].strip() == "" else head + value.lines[0]
        yield from _shifted(value.lines[1:], column - item.column)
    elif isinstance(value, Group) and is_inline(value):
        yield f"{head} {braces(value)}{value.beside}"
    else:
        yield head + value.beside
        if isinstance(value, Group):
            yield from _lines(value.items, column + value.step)
            yield from _shifted(value.tail, column - item.column)
        else:
            yield from _listed(value, column + value.step)
            yield from _shifted(value.tail, column - item.column)


def _listed(value: Listing, column: int) -> Iterator[str]:
    for item in value.items:
        yield from _shifted(item.above, column - item.column)
        group = item.value
        if isinstance(group, Group) and is_inline(group):
            yield f"{' ' * column}- {braces(group)}{group.beside}"
        elif isinstance(group, Group):
            gap = value.gap
            first = True
            for line in [*_lines(group.items, column + gap), *group.tail]:
                if first and line.strip() and not line.lstrip().startswith("#"):
                    line = f"{' ' * column}-{' ' * (gap - 1)}{line[column + gap :]}"
                    first = False
                yield line


def is_inline(group: Group) -> bool:
    """Whether the mapping can be written in braces on one line."""
    return group.flow and all(not item.above and item.key and _is_inline(item.value) for item in group.items)


def _is_inline(value: Value) -> bool:
    if isinstance(value, Group):
        return is_inline(value) and not value.beside
    return isinstance(value, Raw) and len(value.lines) == 1 and "#" not in value.lines[0]


def braces(group: Group) -> str:
    """``{a: 1, b: {c: 2}}``, of a mapping that ``is_inline``."""
    parts = []
    for item in group.items:
        value = item.value
        written = f" {braces(value)}" if isinstance(value, Group) else value.lines[0] if isinstance(value, Raw) else ""
        parts.append(f"{item.key}:{written.rstrip()}")
    return "{" + group.pad + ", ".join(parts) + group.pad + "}"


def _shifted(lines: list[str], by: int) -> Iterator[str]:
    for line in lines:
        if by > 0:
            yield " " * by + line if line.strip() else line
        else:
            blank = len(line) - len(line.lstrip(" "))
            yield line[min(-by, blank) :]


def _deeper_comments(text: str, end: int, column: int) -> int:
    """Comment lines below that stand further in than the key, and so belong to it; blank lines only among them."""
    at = reached = end
    while at < len(text):
        stop = _line_end(text, at)
        line = text[at:stop]
        if line.strip() and not (line.lstrip().startswith("#") and len(line) - len(line.lstrip(" ")) > column):
            break
        at = stop
        if line.strip():
            reached = stop
    return reached


def _line_end(text: str, at: int) -> int:
    """Behind the line end of the line that holds ``at``."""
    found = text.find("\n", at)
    return len(text) if found < 0 else found + 1


def _split_lines(text: str) -> list[str]:
    return text.removesuffix("\n").split("\n") if text else []
