"""The text as the editor holds it: code points, LSP's line rule, own edits."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable
from functools import cached_property

from promptls.text.span import Span

_LINE_END = re.compile(r"\r\n|\n|\r")


class Text:
    """An immutable text with lines ended by ``\\n``, ``\\r\\n`` or ``\\r`` and by nothing else.

    Offsets and columns are code points, lines and columns count from 0. Places past the end of a
    line or of the text are moved to that end, as LSP asks.
    """

    def __init__(self, value: str) -> None:
        self.value = value

    def __len__(self) -> int:
        return len(self.value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Text) and other.value == self.value

    def __hash__(self) -> int:
        return hash(self.value)

    def __repr__(self) -> str:
        return f"Text({self.value[:40]!r}, {len(self)} code points)"

    @cached_property
    def line_starts(self) -> list[int]:
        """The offset of the first character of each line; there is always a first line."""
        return [0, *(match.end() for match in _LINE_END.finditer(self.value))]

    @cached_property
    def eol(self) -> str:
        """The line end that the text uses first; ``\\n`` where it has none."""
        match = _LINE_END.search(self.value)
        return match[0] if match else "\n"

    @property
    def line_count(self) -> int:
        return len(self.line_starts)

    def line_at(self, offset: int) -> int:
        """The line that holds ``offset``."""
        return bisect_right(self.line_starts, self._clamp(offset)) - 1

    def line_span(self, line: int) -> Span:
        """The span of a line without its line end; the nearest line where there is none."""
        line = min(max(line, 0), self.line_count - 1)
        start = self.line_starts[line]
        if line + 1 == self.line_count:
            return Span(start, len(self.value))
        end = self.line_starts[line + 1] - 1
        if end > start and self.value[end] == "\n" and self.value[end - 1] == "\r":
            end -= 1
        return Span(start, end)

    def line_text(self, line: int) -> str:
        return self.line_span(line).slice(self.value)

    def place(self, offset: int) -> tuple[int, int]:
        """``(line, column)`` of an offset, in code points, from 0; in or past a line end it is the end of the line."""
        line = self.line_at(offset)
        span = self.line_span(line)
        return line, min(max(offset, 0), span.end) - span.start

    def offset(self, line: int, column: int) -> int:
        """The offset of ``(line, column)``, moved to the line's or the text's end when past it."""
        if line < 0:
            return 0
        if line >= self.line_count:
            return len(self.value)
        span = self.line_span(line)
        return min(span.start + max(column, 0), span.end)

    def apply(self, edits: Iterable[tuple[Span, str]]) -> Text:
        """The text with all edits made; spans are of this text and must not overlap."""
        out: list[str] = []
        done = 0
        for span, replacement in sorted(edits, key=lambda edit: edit[0]):
            if span.start < done:
                raise ValueError(f"edits overlap at offset {span.start}")
            out += [self.value[done : span.start], replacement]
            done = span.end
        return Text("".join([*out, self.value[done:]]))

    def _clamp(self, offset: int) -> int:
        return min(max(offset, 0), len(self.value))
