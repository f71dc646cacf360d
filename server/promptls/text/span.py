"""Places and changes: half-open ranges of code-point offsets, and the file they are in."""

from __future__ import annotations

from typing import NamedTuple


class Span(NamedTuple):
    """A half-open range of code-point offsets: ``start`` is in it, ``end`` is not."""

    start: int
    end: int

    @property
    def empty(self) -> bool:
        return self.start >= self.end

    def holds(self, offset: int) -> bool:
        """Whether the character at ``offset`` lies in the span."""
        return self.start <= offset < self.end

    def touches(self, offset: int) -> bool:
        """Whether a cursor at ``offset`` is in the span or at one of its ends."""
        return self.start <= offset <= self.end

    def covers(self, other: Span) -> bool:
        return self.start <= other.start and other.end <= self.end

    def overlaps(self, other: Span) -> bool:
        return self.start < other.end and other.start < self.end

    def shift(self, by: int) -> Span:
        return Span(self.start + by, self.end + by)

    def slice(self, text: str) -> str:
        return text[self.start : self.end]


class Location(NamedTuple):
    """A span in a file, named by the URI exactly as the client spelled it."""

    uri: str
    span: Span


class Edit(NamedTuple):
    """Replace ``span`` of ``uri`` by ``text``. Edits of one change never overlap."""

    uri: str
    span: Span
    text: str
