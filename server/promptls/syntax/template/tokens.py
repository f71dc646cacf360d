"""What the lexers of all dialects share: tokens, line ends, and where a tag ends that nobody closed."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable
from functools import partial
from typing import NamedTuple

_NEWLINE = re.compile(r"[\r\n]")


class Token(NamedTuple):
    """``kind``: ``name``, ``number``, ``string``, ``operator``, ``bad`` or ``end`` (after the last one)."""

    kind: str
    text: str
    start: int
    end: int


token: Callable[[tuple[str, str, int, int]], Token] = partial(tuple.__new__, Token)
"""A token of all its fields in one tuple, in half of the time: a lexer makes hardly anything else."""


class Tag(NamedTuple):
    """The inside of one tag. ``tokens`` ends with one of kind ``end``; ``inner_end``: where the closing
    delimiter (with its whitespace mark) starts; ``end``: where it ends. Both are the same in a tag that is
    not ``closed``. ``broken``: the lexer reported something, so what a parser finds besides is a consequence.
    """

    tokens: list[Token]
    inner_end: int
    end: int
    closed: bool
    broken: bool


def newline_in(text: str, start: int, end: int) -> int:
    """The offset of the first line end in the range, or -1."""
    found = _NEWLINE.search(text, start, end)
    return found.start() if found else -1


def unclosed(text: str, tokens: list[Token], start: int, end: int) -> tuple[list[Token], int]:
    """The tokens and the end of a tag that meets another opener, or the end of the text, before its closer.

    It ends at its first newline: what follows was text before somebody began to type this tag. Without a
    newline it ends with its last token, so that the space after it stays text. ``start`` is where the inside
    of the tag starts, ``end`` what was looked at.
    """
    newline = newline_in(text, start, end)
    while newline >= 0:
        index = bisect_right(tokens, newline, key=lambda token: token.start)
        if not index or tokens[index - 1].end <= newline:
            return tokens[:index], newline
        newline = newline_in(text, tokens[index - 1].end, end)
    return tokens, tokens[-1].end if tokens else start
