"""The open levels of YAML above a line, by indentation and brackets alone: also of text that is broken.

One pass, line by line; nobody asks whether the text is valid.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from promptls.syntax.yaml_flow import flow_depth
from promptls.syntax.yaml_keys import after_blanks, after_properties, end_of_quoted, key_at
from promptls.syntax.yaml_tree import Path
from promptls.text import Span

_LINE = re.compile(r"[^\r\n]*")
_BLOCK = re.compile(r"[|>][-+0-9]*[ \t]*(?:#.*)?\Z")
_MAX_DEPTH = 100
CLOSED = 1 << 30
"""Stands for an indentation that nothing is deeper than: the value is written already."""


@dataclass(slots=True)
class Level:
    """An open mapping or list. ``index``: the item of the list that was read last."""

    indent: int
    is_list: bool
    path: Path
    keys: list[str] = field(default_factory=list)
    index: int = -1


class Pending(NamedTuple):
    """A key or a dash whose value may follow on deeper lines; ``CLOSED`` when it is written already."""

    indent: int
    path: Path
    key: str | None = None


class Text(NamedTuple):
    """A scalar on several lines: a block (``quote`` empty) that ends at ``indent``, or one in quotes."""

    indent: int
    path: Path
    quote: str = ""


class Flow(NamedTuple):
    start: int
    depth: int
    indent: int
    path: Path
    key: str | None


def lines(source: str, at: int) -> Iterator[Span]:
    """The lines from ``at`` on, without their ends; after a last line end there is an empty one."""
    while True:
        match = _LINE.match(source, at)
        end = match.end() if match else len(source)
        yield Span(at, end)
        if end >= len(source):
            return
        at = end + (2 if source.startswith("\r\n", end) else 1)


class Scanner:
    """What is open after the lines read so far: levels, a value that may follow, text or brackets over lines."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.levels: list[Level] = []
        self.pending: Pending | None = None
        self.text: Text | None = None
        self.flow: Flow | None = None

    def read(self, line: Span) -> None:
        content = self._content(line)
        indent = content - line.start
        blank = content == line.end
        if self.text is not None and self._reads_text(line, indent, blank):
            return
        if self.flow is not None and self._reads_flow(line, indent):
            return
        if blank or self.source[content] == "#":
            return
        if indent == 0 and self._is_marker(line):
            self.levels.clear()
            self.pending = None
            return
        content = self._enter_items(line, content, line.end)
        if content == line.end:
            return
        key = key_at(self.source, content, line.end)
        if key is None:
            self._bare(line, content)
            return
        level = self._enter_mapping(key.start - line.start)
        level.keys.append(key.name)
        path = (*level.path, key.name)
        self.pending = Pending(key.start - line.start, path, key.name)
        self._enter_value(line, after_blanks(self.source, key.colon + 1, line.end), self.pending)

    def _reads_text(self, line: Span, indent: int, blank: bool) -> bool:
        text = self.text
        assert text is not None
        if not text.quote:
            if blank or indent > text.indent:
                return True
            self.text = None
            return False
        if self._closing_quote(line, text.quote) is not None:
            self.text = None
        return True

    def _reads_flow(self, line: Span, indent: int) -> bool:
        flow = self.flow
        assert flow is not None
        if self._leaves_flow(line, indent, flow):
            self.flow = None
            return False
        depth = flow.depth + flow_depth(self.source, line)
        self.flow = flow._replace(depth=depth) if depth > 0 else None
        return True

    def _leaves_flow(self, line: Span, indent: int, flow: Flow) -> bool:
        """Whether a line is a key no deeper than the one whose bracket is open: the bracket was never closed."""
        at = line.start + indent
        return flow.indent >= indent and at < line.end and key_at(self.source, at, line.end) is not None

    def _enter_items(self, line: Span, at: int, stop: int) -> int:
        """Open the list items that start on a line, up to ``stop``; where their content starts."""
        while at < min(line.end, stop) and self._is_dash(at, line.end) and len(self.levels) < _MAX_DEPTH:
            column = at - line.start
            self._leave(column, dash=True)
            if not (self.levels and self.levels[-1].is_list and self.levels[-1].indent == column):
                inside = self.pending is not None and self.pending.indent <= column
                path = self.pending.path if inside and self.pending else self.levels[-1].path if self.levels else ()
                self.levels.append(Level(column, True, path))
            level = self.levels[-1]
            level.index += 1
            self.pending = Pending(column, (*level.path, level.index))
            at = after_blanks(self.source, at + 1, line.end)
        return at

    def _enter_mapping(self, column: int) -> Level:
        """The mapping that a key at ``column`` belongs to."""
        self._leave(column)
        top = self.levels[-1] if self.levels else None
        if top is not None and len(self.levels) >= _MAX_DEPTH:
            return top
        if self.pending is not None and column > self.pending.indent:
            if not (top and not top.is_list and top.indent == column and top.path == self.pending.path):
                self.levels.append(Level(column, False, self.pending.path))
        elif top is None:
            self.levels.append(Level(column, False, ()))
        # Otherwise a sibling, also where the indentation is wrong.
        return self.levels[-1]

    def _leave(self, column: int, *, dash: bool = False) -> None:
        while self.levels:
            top = self.levels[-1]
            if top.indent < column or (top.indent == column and (dash or not top.is_list)):
                return
            self.levels.pop()

    def _bare(self, line: Span, at: int) -> None:
        """A line without a key: an item, a continuation, a bracket, or something half-typed."""
        column = at - line.start
        base = self.pending if self.pending and self.pending.indent != CLOSED else None
        if base is not None and column > base.indent:
            self._enter_value(line, at, base)
        elif self.source[at] in "[{" and (base is None and not self.levels):
            self._enter_value(line, at, Pending(-1, ()))

    def _enter_value(self, line: Span, at: int, owner: Pending) -> None:
        """Note what a value that starts at ``at`` means for the lines below."""
        at = after_properties(self.source, at, line.end)
        if at == line.end or self.source[at] == "#":
            return
        self.pending = owner._replace(indent=CLOSED)
        first = self.source[at]
        if first in "|>" and _BLOCK.match(self.source, at, line.end):
            self.text = Text(owner.indent, owner.path)
        elif first in "\"'":
            if end_of_quoted(self.source, at, line.end) is None and not self._key_follows(line, owner.indent):
                self.text = Text(owner.indent, owner.path, first)
        elif first in "[{":
            depth = flow_depth(self.source, Span(at, line.end))
            if depth > 0:
                self.flow = Flow(at, depth, owner.indent, owner.path, owner.key)

    def _key_follows(self, line: Span, indent: int) -> bool:
        """Whether the next line with text is a key no deeper than this one: then a quote is open by mistake."""
        for below in lines(self.source, line.end):
            content = self._content(below)
            if content < below.end:
                return content - below.start <= indent and key_at(self.source, content, below.end) is not None
        return True

    def _container(self, column: int) -> Level:
        """The mapping that a key at ``column`` would join; its keys so far."""
        self._leave(column)
        if self.pending is not None and column > self.pending.indent:
            return Level(column, False, self.pending.path)
        return self.levels[-1] if self.levels else Level(column, False, ())

    def _keys_below(self, line: Span, column: int) -> tuple[str, ...]:
        """The keys at ``column`` on the lines below, up to the first line that is less deep."""
        keys: list[str] = []
        if line.end >= len(self.source):
            return ()
        for below in lines(self.source, line.end + (2 if self.source.startswith("\r\n", line.end) else 1)):
            content = self._content(below)
            if content == below.end or self.source[content] == "#":
                continue
            indent = content - below.start
            if indent < column or (indent == 0 and self._is_marker(below)):
                break
            if indent == column:
                key = key_at(self.source, content, below.end)
                if key is not None:
                    keys.append(key.name)
        return tuple(keys)

    def _content(self, line: Span) -> int:
        return after_blanks(self.source, line.start, line.end)

    def _is_dash(self, at: int, end: int) -> bool:
        return self.source[at] == "-" and (at + 1 == end or self.source[at + 1] in " \t")

    def _is_marker(self, line: Span) -> bool:
        text = self.source[line.start : line.start + 4]
        return text.rstrip() in ("---", "...") or text.startswith("%")

    def _closing_quote(self, line: Span, quote: str) -> int | None:
        at = line.start
        while (at := self.source.find(quote, at, line.end)) >= 0:
            if quote == '"' and self.source[at - 1] == "\\":
                at += 1
            elif quote == "'" and self.source.startswith("''", at):
                at += 2
            else:
                return at
        return None
