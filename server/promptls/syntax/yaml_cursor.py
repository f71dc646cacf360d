"""Where in YAML a cursor is, by indentation and brackets alone: also while the text around it is broken.

The tree answers questions about text that stands; this scanner answers what may be typed. It reads the lines up
to the cursor once, keeps the open levels on a stack, and never asks whether the text is valid.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from promptls.syntax.yaml_flow import flow_cursor, flow_depth
from promptls.syntax.yaml_tree import Path
from promptls.text import Span

_LINE = re.compile(r"[^\r\n]*")
_BLOCK = re.compile(r"[|>][-+0-9]*[ \t]*(?:#.*)?\Z")
_PROPERTIES = re.compile(r"(?:[&!]\S*[ \t]+)*")
_QUOTED = re.compile(r""""(?:[^"\\]|\\.)*"|'(?:[^']|'')*'""")
_COLON = re.compile(r"[ \t]*:(?=[ \t]|\Z)")
_MAX_DEPTH = 100
_CLOSED = 1 << 30
"""Stands for an indentation that nothing is deeper than: the value is written already."""


@dataclass(frozen=True, slots=True)
class YamlCursor:
    """``path``: for ``key`` the mapping that a key would join; for ``value`` and ``scalar`` the value itself.

    ``where``: ``key`` (also a bare word that may become a value: ``- na``), ``value`` (on the line of its key, or in
    brackets), ``scalar`` (inside of text on several lines), ``comment``. ``prefix``: what is typed before the cursor,
    without its quote. ``replace``: the whole word or value around the cursor, inside of its quotes; in the whole text.
    ``key``: the key under the cursor, or the one whose value this is. ``siblings``: the other keys of the mapping,
    above and below. ``quote``: the quote that is open at the cursor. ``indent``: the column of the key, or the one a
    new key here would have.
    """

    path: Path
    where: str
    prefix: str
    key: str | None
    replace: Span
    siblings: tuple[str, ...] = ()
    quote: str = ""
    flow: bool = False
    indent: int = 0


@dataclass(slots=True)
class _Level:
    """An open mapping or list. ``index``: the item of the list that was read last."""

    indent: int
    is_list: bool
    path: Path
    keys: list[str] = field(default_factory=list)
    index: int = -1


class _Pending(NamedTuple):
    """A key or a dash whose value may follow on deeper lines; ``_CLOSED`` when it is written already."""

    indent: int
    path: Path
    key: str | None = None


class _Text(NamedTuple):
    """A scalar on several lines: a block (``quote`` empty) that ends at ``indent``, or one in quotes."""

    indent: int
    path: Path
    quote: str = ""


class _Flow(NamedTuple):
    start: int
    depth: int
    indent: int
    path: Path
    key: str | None


class _Key(NamedTuple):
    name: str
    start: int
    end: int
    colon: int


def cursor_in_yaml(text: str, span: Span, offset: int) -> YamlCursor:
    """What stands at ``offset`` in the YAML of ``span``. Takes any text, valid or not; linear in its length."""
    start = min(max(span.start, 0), len(text))
    end = min(max(span.end, start), len(text))
    offset = min(max(offset, start), end)
    source = text[start:end]
    scanner = _Scanner(source)
    at = offset - start
    for line in _lines(source, 0):
        if line.end >= at:
            cursor = scanner.cursor(line, at)
            break
        scanner.read(line)
    else:
        cursor = YamlCursor((), "key", "", None, Span(at, at))
    return replace(cursor, replace=cursor.replace.shift(start))


def _lines(source: str, at: int) -> Iterator[Span]:
    """The lines from ``at`` on, without their ends; after a last line end there is an empty one."""
    while True:
        match = _LINE.match(source, at)
        end = match.end() if match else len(source)
        yield Span(at, end)
        if end >= len(source):
            return
        at = end + (2 if source.startswith("\r\n", end) else 1)


class _Scanner:
    def __init__(self, source: str) -> None:
        self.source = source
        self.levels: list[_Level] = []
        self.pending: _Pending | None = None
        self.text: _Text | None = None
        self.flow: _Flow | None = None

    # Lines above the cursor.

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
        key = self._key(content, line.end)
        if key is None:
            self._bare(line, content)
            return
        level = self._enter_mapping(key.start - line.start)
        level.keys.append(key.name)
        path = (*level.path, key.name)
        self.pending = _Pending(key.start - line.start, path, key.name)
        self._enter_value(line, self._after_blanks(key.colon + 1, line.end), self.pending)

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

    def _leaves_flow(self, line: Span, indent: int, flow: _Flow) -> bool:
        """Whether a line is a key no deeper than the one whose bracket is open: the bracket was never closed."""
        at = line.start + indent
        return flow.indent >= indent and at < line.end and self._key(at, line.end) is not None

    def _enter_items(self, line: Span, at: int, stop: int) -> int:
        """Open the list items that start on a line, up to ``stop``; where their content starts."""
        while at < min(line.end, stop) and self._is_dash(at, line.end) and len(self.levels) < _MAX_DEPTH:
            column = at - line.start
            self._leave(column, dash=True)
            if not (self.levels and self.levels[-1].is_list and self.levels[-1].indent == column):
                inside = self.pending is not None and self.pending.indent <= column
                path = self.pending.path if inside and self.pending else self.levels[-1].path if self.levels else ()
                self.levels.append(_Level(column, True, path))
            level = self.levels[-1]
            level.index += 1
            self.pending = _Pending(column, (*level.path, level.index))
            at = self._after_blanks(at + 1, line.end)
        return at

    def _enter_mapping(self, column: int) -> _Level:
        """The mapping that a key at ``column`` belongs to."""
        self._leave(column)
        top = self.levels[-1] if self.levels else None
        if top is not None and len(self.levels) >= _MAX_DEPTH:
            return top
        if self.pending is not None and column > self.pending.indent:
            if not (top and not top.is_list and top.indent == column and top.path == self.pending.path):
                self.levels.append(_Level(column, False, self.pending.path))
        elif top is None:
            self.levels.append(_Level(column, False, ()))
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
        base = self.pending if self.pending and self.pending.indent != _CLOSED else None
        if base is not None and column > base.indent:
            self._enter_value(line, at, base)
        elif self.source[at] in "[{" and (base is None and not self.levels):
            self._enter_value(line, at, _Pending(-1, ()))

    def _enter_value(self, line: Span, at: int, owner: _Pending) -> None:
        """Note what a value that starts at ``at`` means for the lines below."""
        at = self._after_properties(at, line.end)
        if at == line.end or self.source[at] == "#":
            return
        self.pending = owner._replace(indent=_CLOSED)
        first = self.source[at]
        if first in "|>" and _BLOCK.match(self.source, at, line.end):
            self.text = _Text(owner.indent, owner.path)
        elif first in "\"'":
            if not _QUOTED.match(self.source, at, line.end) and not self._key_follows(line, owner.indent):
                self.text = _Text(owner.indent, owner.path, first)
        elif first in "[{":
            depth = flow_depth(self.source, Span(at, line.end))
            if depth > 0:
                self.flow = _Flow(at, depth, owner.indent, owner.path, owner.key)

    def _key_follows(self, line: Span, indent: int) -> bool:
        """Whether the next line with text is a key no deeper than this one: then a quote is open by mistake."""
        for below in _lines(self.source, line.end):
            content = self._content(below)
            if content < below.end:
                return content - below.start <= indent and self._key(content, below.end) is not None
        return True

    # The line of the cursor.

    def cursor(self, line: Span, at: int) -> YamlCursor:
        content = self._content(line)
        indent = content - line.start
        column = at - line.start
        blank = content == line.end
        if self.text is not None:
            inside = self._cursor_in_text(line, at, indent, blank)
            if inside is not None:
                return inside
        if self.flow is not None and not self._leaves_flow(line, indent, self.flow):
            flow = self.flow
            return self._in_flow(flow.start, at, flow.path, flow.key, flow.indent)
        if blank or at < content:
            return self._new_key(line, column, at)
        if self.source[content] == "#":
            if at == content:
                return self._new_key(line, column, at)
            return YamlCursor(self._container(column).path, "comment", "", None, Span(at, at), indent=indent)
        start = self._enter_items(line, content, at)
        if at < start or (at == start == line.end):
            return self._new_key(line, start - line.start, at)
        key = self._key(start, line.end)
        if key is None:
            return self._cursor_in_bare(line, start, at)
        if at <= key.end:
            return self._on_key(line, key, at)
        return self._on_value(line, key, at)

    def _cursor_in_text(self, line: Span, at: int, indent: int, blank: bool) -> YamlCursor | None:
        text = self.text
        assert text is not None
        if text.quote:
            close = self._closing_quote(line, text.quote)
            if close is None or at <= close:
                prefix = self.source[line.start : at].lstrip()
                return YamlCursor(text.path, "scalar", prefix, None, Span(at, at), quote=text.quote)
            return YamlCursor(text.path, "value", "", None, Span(at, at))
        if (blank and at - line.start > text.indent) or (not blank and indent > text.indent):
            prefix = self.source[line.start : at].lstrip()
            return YamlCursor(text.path, "scalar", prefix, None, Span(at, at), indent=max(text.indent, 0))
        self.text = None
        return None

    def _new_key(self, line: Span, column: int, at: int) -> YamlCursor:
        """Nothing is typed: a key could start at the cursor."""
        level = self._container(column)
        siblings = (*level.keys, *self._keys_below(line, column))
        return YamlCursor(level.path, "key", "", None, Span(at, at), siblings, indent=column)

    def _container(self, column: int) -> _Level:
        """The mapping that a key at ``column`` would join; its keys so far."""
        self._leave(column)
        if self.pending is not None and column > self.pending.indent:
            return _Level(column, False, self.pending.path)
        return self.levels[-1] if self.levels else _Level(column, False, ())

    def _on_key(self, line: Span, key: _Key, at: int) -> YamlCursor:
        column = key.start - line.start
        if at < key.start:  # in `&anchor` or `!tag`
            return self._new_key(line, column, at)
        level = self._enter_mapping(column)
        siblings = (*level.keys, *self._keys_below(line, column))
        word, quote = self._inside_quotes(Span(key.start, key.end), at)
        prefix = self.source[word.start : at] if at > word.start else ""
        return YamlCursor(level.path, "key", prefix, key.name, word, siblings, quote, indent=column)

    def _on_value(self, line: Span, key: _Key, at: int) -> YamlCursor:
        column = key.start - line.start
        path = (*self._enter_mapping(column).path, key.name)
        start = self._after_properties(self._after_blanks(key.colon + 1, line.end), line.end)
        return self._in_value(line, start, at, _Pending(column, path, key.name))

    def _in_value(self, line: Span, start: int, at: int, owner: _Pending) -> YamlCursor:
        """The cursor behind a key's colon, in a value that starts at ``start``."""
        nothing = YamlCursor(owner.path, "value", "", owner.key, Span(at, at), indent=max(owner.indent, 0))
        if at < start or start == line.end:
            return nothing
        first = self.source[start]
        if first in "[{":
            return self._in_flow(start, at, owner.path, owner.key, owner.indent)
        if first in "\"'":
            match = _QUOTED.match(self.source, start, line.end)
            value = Span(start, match.end() if match else line.end)
            if at > value.end:
                where = "comment" if "#" in self.source[value.end : at] else "value"
                return replace(nothing, where=where)
            inside, quote = self._inside_quotes(value, at)
            return replace(nothing, prefix=self.source[inside.start : at], replace=inside, quote=quote)
        comment = self._comment(start, line.end)
        if at > comment:
            return replace(nothing, where="comment")
        value = Span(start, start + len(self.source[start:comment].rstrip()))
        value = Span(start, max(value.end, at))
        return replace(nothing, prefix=self.source[start:at], replace=value)

    def _cursor_in_bare(self, line: Span, start: int, at: int) -> YamlCursor:
        """A word without a colon: half a key, an item of a list, or the continuation of a plain scalar."""
        column = start - line.start
        base = self.pending if self.pending and self.pending.indent != _CLOSED else None
        inside = base is not None and column > base.indent
        if self.source[start] in "[{":
            path = base.path if base and inside else self._container(column).path
            return self._in_flow(start, at, path, base.key if base and inside else None, column)
        comment = self._comment(start, line.end)
        level = self._container(column)
        if at > comment:
            return YamlCursor(level.path, "comment", "", None, Span(at, at), indent=column)
        if not inside and self.pending is not None and self.levels and column > self.levels[-1].indent:
            prefix = self.source[start:at]
            return YamlCursor(self.pending.path, "scalar", prefix, self.pending.key, Span(at, at), indent=column)
        word = Span(start, max(start + len(self.source[start:comment].rstrip()), at))
        word, quote = self._inside_quotes(word, at)
        siblings = (*level.keys, *self._keys_below(line, column))
        prefix = self.source[word.start : at] if at > word.start else ""
        return YamlCursor(level.path, "key", prefix, None, word, siblings, quote, indent=column)

    def _in_flow(self, start: int, at: int, path: Path, key: str | None, indent: int) -> YamlCursor:
        found = flow_cursor(self.source, start, at)
        return YamlCursor(
            (*path, *found.path),
            "key" if found.is_key else "value",
            self.source[found.word.start : at] if at > found.word.start else "",
            found.key if found.path or found.is_key else key,
            found.word,
            found.siblings,
            found.quote,
            flow=True,
            indent=max(indent, 0),
        )

    def _keys_below(self, line: Span, column: int) -> tuple[str, ...]:
        """The keys at ``column`` on the lines below, up to the first line that is less deep."""
        keys: list[str] = []
        if line.end >= len(self.source):
            return ()
        lines = _lines(self.source, line.end + (2 if self.source.startswith("\r\n", line.end) else 1))
        for below in lines:
            content = self._content(below)
            if content == below.end or self.source[content] == "#":
                continue
            indent = content - below.start
            if indent < column or (indent == 0 and self._is_marker(below)):
                break
            if indent == column:
                key = self._key(content, below.end)
                if key is not None:
                    keys.append(key.name)
        return tuple(keys)

    # Places on a line.

    def _content(self, line: Span) -> int:
        return self._after_blanks(line.start, line.end)

    def _after_blanks(self, at: int, end: int) -> int:
        while at < end and self.source[at] in " \t":
            at += 1
        return at

    def _after_properties(self, at: int, end: int) -> int:
        match = _PROPERTIES.match(self.source, at, end)
        return match.end() if match else at

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

    def _comment(self, start: int, end: int) -> int:
        """Where a comment starts behind a plain scalar, or the end of the line."""
        found = [at for at in (self.source.find(mark, start, end) for mark in (" #", "\t#")) if at >= 0]
        return min(found) if found else end

    def _inside_quotes(self, word: Span, at: int) -> tuple[Span, str]:
        """A word without its quotes and the quote, where the cursor is inside of them."""
        if word.empty or self.source[word.start] not in "\"'" or at == word.start:
            return word, ""
        quote = self.source[word.start]
        closed = word.end - word.start > 1 and self.source[word.end - 1] == quote
        inside = Span(word.start + 1, word.end - 1 if closed else word.end)
        return (inside, quote) if inside.touches(at) else (word, "")

    def _key(self, at: int, end: int) -> _Key | None:
        """The key of ``key: value`` that starts at ``at``."""
        at = self._after_properties(at, end)
        if at >= end:
            return None
        first = self.source[at]
        if first in "\"'":
            quoted = _QUOTED.match(self.source, at, end)
            colon = _COLON.match(self.source, quoted.end(), end) if quoted else None
            if quoted is None or colon is None:
                return None
            return _Key(_unquoted(quoted[0]), at, quoted.end(), colon.end() - 1)
        if first in "#[]{}&*!|>%@`," or (first in "-?:" and (at + 1 == end or self.source[at + 1] in " \t")):
            return None
        limit = self._comment(at, end)
        at_colon = self.source.find(":", at, limit)
        while at_colon >= 0:
            if at_colon + 1 == end or self.source[at_colon + 1] in " \t":
                name = self.source[at:at_colon].rstrip()
                return _Key(name, at, at + len(name), at_colon)
            at_colon = self.source.find(":", at_colon + 1, limit)
        return None


def _unquoted(word: str) -> str:
    if len(word) < 2 or word[0] != word[-1] or word[0] not in "\"'":
        return word
    return word[1:-1].replace("''", "'") if word[0] == "'" else word[1:-1]
