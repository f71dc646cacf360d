"""Markdown images ``![alt](source)``, which v1's parser turns into parts of a message (0.1.50 ``parsers.py``)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from promptls.text import Span


class Image(NamedTuple):
    """``span``: all of it; ``source``: the path or address, up to the first space, without a title."""

    span: Span
    source: Span


def images(text: str, start: int = 0, end: int | None = None) -> Iterator[Image]:
    """In the order of the text, in time linear in it: each bracket is looked for once."""
    end = len(text) if end is None else end
    bracket, paren = start - 1, start - 1
    at = text.find("![", start, end)
    while at >= 0:
        if bracket < at + 2:
            bracket = text.find("]", at + 2, end)
        if bracket < 0:
            return
        following = at + 2
        if text.startswith("(", bracket + 1) and bracket + 1 < end:
            inside = bracket + 2
            if paren < inside:
                paren = text.find(")", inside, end)
            if paren < 0:
                return
            if "\n" not in text[inside:paren]:
                yield Image(Span(at, paren + 1), _source(text, inside, paren))
                following = paren + 1
        at = text.find("![", following, end)


def _source(text: str, start: int, end: int) -> Span:
    space = text.find(" ", start, end)
    stop = space if space >= 0 else end
    return Span(start, start + len(text[start:stop].rstrip()))
