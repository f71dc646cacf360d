"""Lines of YAML as repairs see them, and masks that keep the length. A line ends where libyaml ends one."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from promptls.text import Span

_BREAKS = "\r\n\x85\u2028\u2029"
LINE_BREAK = re.compile(f"\r\n|[{_BREAKS}]")
_MAX_AHEAD = 100_000
_MAX_ABOVE = 200
_DASHES = re.compile(r"[ \t]*(?:-[ \t]+)*")
_INDENT = re.compile(r"[ \t]*")


class Line(NamedTuple):
    """``span``: without the line end. ``indent``: where its text starts. ``content``: that behind list dashes."""

    span: Span
    indent: int
    content: int

    @property
    def blank(self) -> bool:
        return self.indent == self.span.end

    @property
    def column(self) -> int:
        return self.indent - self.span.start

    @property
    def content_column(self) -> int:
        return self.content - self.span.start


class Lines:
    """The lines of a text, found as they are asked for. All look-ups are bounded, whatever the text."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._marks = [mark for mark in _BREAKS if mark in text]

    def at(self, offset: int) -> Line:
        return self._from(max((self.text.rfind(mark, 0, offset) for mark in self._marks), default=-1) + 1)

    def first(self) -> Line:
        """The first line that holds more than blanks and a comment; the very first where none does."""
        line = self.at(0)
        if not line.blank and self.text[line.indent] != "#":
            return line
        return next((below for below in self.below(line) if self.text[below.indent] != "#"), line)

    def above(self, line: Line) -> Line | None:
        """The nearest line above that holds more than blanks and a comment."""
        for _ in range(_MAX_ABOVE):
            end = len(self.text[: line.span.start].rstrip())
            if end == 0:
                return None
            line = self.at(end - 1)
            if self.text[line.indent] != "#":
                return line
        return None

    def deeper(self, line: Line) -> list[Span]:
        """The contents of the lines below that are further in than ``line``."""
        spans: list[Span] = []
        for below in self.below(line):
            if below.column <= line.column:
                break
            spans.append(Span(below.indent, below.span.end))
        return spans

    def block_end(self, line: Line, column: int) -> int:
        """The end of the last line from ``line`` on further in than ``column``; closing brackets need not be."""
        end = line.span.end
        for below in self.below(line):
            if below.column <= column and self.text[below.indent] not in "]}":
                break
            end = below.indent + len(self.text[below.indent : below.span.end].rstrip())
        return end

    def below(self, line: Line) -> Iterable[Line]:
        """The lines below that are not blank, as far as one looks."""
        limit = line.span.end + _MAX_AHEAD
        while line.span.end < len(self.text) and line.span.end < limit:
            after = line.span.end + (2 if self.text.startswith("\r\n", line.span.end) else 1)
            line = self._from(after)
            if not line.blank:
                yield line

    def _from(self, start: int) -> Line:
        found = LINE_BREAK.search(self.text, start)
        end = found.start() if found else len(self.text)
        indent = _INDENT.match(self.text, start, end)
        dashes = _DASHES.match(self.text, start, end)
        return Line(Span(start, end), indent.end() if indent else start, dashes.end() if dashes else start)


def blank(text: str, spans: Iterable[Span]) -> str:
    """``text`` with blanks for all that is no line break in ``spans``, which are in order."""
    out: list[str] = []
    done = 0
    for span in spans:
        out += [text[done : span.start], re.sub(f"[^{_BREAKS}]", " ", text[span.start : span.end])]
        done = max(done, span.end)
    return "".join([*out, text[done:]])


def fill(text: str, span: Span) -> str:
    """``text`` with a plain word in ``span``."""
    return text[: span.start] + re.sub(r"\S", "x", text[span.start : span.end]) + text[span.end :]


def closing_bracket(text: str, start: int, end: int) -> tuple[int, bool]:
    """Where the bracket at ``start`` ends before ``end``, and whether that is at its own closer.

    Otherwise it is at a closer of another kind, which belongs to a bracket outside, or at ``end``.
    Quotes hide brackets.
    """
    opened: list[str] = []
    quote = ""
    for at in range(start, min(end, start + _MAX_AHEAD)):
        character = text[at]
        if quote:
            quote = "" if character == quote else quote
        elif character in "\"'":
            quote = character
        elif character in "[{":
            opened.append("]" if character == "[" else "}")
        elif character in "]}":
            if character != opened.pop():
                return at, False
            if not opened:
                return at, True
    return end, False
