"""Code-point offsets to LSP positions and back, in UTF-8, UTF-16 and UTF-32 columns, and edits made of them.

The only place in the house where columns are not code points.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from itertools import accumulate
from typing import Final, NamedTuple

from promptls.text import Span, Text

ENCODINGS: Final = ("utf-8", "utf-16", "utf-32")
DEFAULT: Final = "utf-16"
_LINE_END: Final = re.compile(r"\r\n|\n|\r")
_WIDE: Final = {"utf-8": re.compile(r"[^\x00-\x7f]"), "utf-16": re.compile(r"[^\x00-\uffff]")}


class Place(NamedTuple):
    """A line and a column in code units of the session's encoding, from 0: LSP's Position as plain data."""

    line: int
    column: int


class Change(NamedTuple):
    """``text`` replaces what is between the places; all of the text where they are None."""

    start: Place | None
    end: Place | None
    text: str


class _Columns:
    """The columns of one line: where its wide characters are and how many units they take beyond one each."""

    def __init__(self, line: str, encoding: str) -> None:
        self.length = len(line)
        wide = [] if encoding == "utf-32" else [(match.start(), match[0]) for match in _WIDE[encoding].finditer(line)]
        self.at = [start for start, _ in wide]
        self.extra = [0, *accumulate(_units(char, encoding) - 1 for _, char in wide)]
        # The column right behind each wide character.
        self.behind = [start + 1 + extra for start, extra in zip(self.at, self.extra[1:], strict=True)]

    def to_units(self, column: int) -> int:
        return column + self.extra[bisect_left(self.at, column)] if self.at else column

    def to_points(self, units: int) -> int:
        """Inside a character: before it. Past the end of the line: at its end."""
        before = bisect_right(self.behind, units)
        column = units - self.extra[before]
        if before < len(self.at):
            column = min(column, self.at[before])
        return min(max(column, 0), self.length)


def _units(char: str, encoding: str) -> int:
    if encoding == "utf-16":
        return 2
    code = ord(char)
    return 2 if code < 0x800 else 3 if code < 0x10000 else 4


class Positions:
    """One text in one encoding. Keeps what it has found out of a line, so that a long one costs once."""

    def __init__(self, text: Text, encoding: str) -> None:
        self.text = text
        self.encoding = encoding
        self._lines: dict[int, _Columns] = {}

    def offset(self, line: int, column: int) -> int:
        """The offset of a place; past the end of its line or of the text it is that end."""
        if line < 0:
            return 0
        if line >= self.text.line_count:
            return len(self.text)
        return self.text.line_starts[line] + self._columns(line).to_points(column)

    def place(self, offset: int) -> Place:
        starts = self.text.line_starts
        line = bisect_right(starts, max(offset, 0)) - 1
        columns = self._columns(line)
        return Place(line, columns.to_units(min(max(offset, 0) - starts[line], columns.length)))

    def span(self, start: Place, end: Place) -> Span:
        """The span between two places, in either order."""
        one, other = self.offset(*start), self.offset(*end)
        return Span(min(one, other), max(one, other))

    def length(self, span: Span) -> int:
        """The length of a span that lies in one line, in code units."""
        return self.place(span.end).column - self.place(span.start).column

    def _columns(self, line: int) -> _Columns:
        known = self._lines.get(line)
        if known is None:
            known = self._lines[line] = _Columns(self.text.line_text(line), self.encoding)
        return known


def apply_changes(text: Text, changes: Iterable[Change], encoding: str) -> Text:
    """The text after the changes of one notification, each of which sees what the one before it left.

    Editors send a thousand replacements as a thousand changes, last ones first; so the index of the lines is
    kept up to the line that changed and made longer only as far as the next change asks.
    """
    edited = _Edited(text)
    for change in changes:
        if change.start is None or change.end is None:
            edited = _Edited(Text(change.text))
        else:
            edited.replace(change.start, change.end, change.text, encoding)
    return Text(edited.value)


class _Edited:
    """A text between two changes. ``_starts`` holds the starts of its first lines, those that are sure."""

    def __init__(self, text: Text) -> None:
        self.value = text.value
        self._starts = list(text.line_starts)
        self._all = True

    def replace(self, start: Place, end: Place, text: str, encoding: str) -> None:
        one, other = self._offset(start, encoding), self._offset(end, encoding)
        first, last = min(one, other), max(one, other)
        self.value = self.value[:first] + text + self.value[last:]
        # A line that starts where the change does may have lost its start: "\r" and "\n" can meet there.
        del self._starts[max(1, bisect_left(self._starts, first)) :]
        self._all = False

    def _offset(self, place: Place, encoding: str) -> int:
        if place.line < 0:
            return 0
        self._reach(place.line)
        if place.line >= len(self._starts):
            return len(self.value)
        start = self._starts[place.line]
        end = _LINE_END.search(self.value, start)
        line = self.value[start : end.start() if end else len(self.value)]
        if line.isascii() or encoding == "utf-32":
            return start + min(max(place.column, 0), len(line))
        return start + _Columns(line, encoding).to_points(place.column)

    def _reach(self, line: int) -> None:
        if self._all or line < len(self._starts):
            return
        for match in _LINE_END.finditer(self.value, self._starts[-1]):
            self._starts.append(match.end())
            if len(self._starts) > line:
                return
        self._all = True
