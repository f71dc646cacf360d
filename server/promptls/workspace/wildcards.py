"""Matches paths with wildcards in time that no pattern can blow up: patterns come with a project.

A regular expression with five `*` may try for hours. Here the set of places in the path that a pattern has reached is
one integer, a bit for each place, and every part of the pattern moves all of them at once.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

LONGEST: Final = 1000
"""Characters of a pattern, and of its alternatives together, that are looked at; a longer one fits nothing."""


class Part(NamedTuple):
    """``kind``: ``char``; ``class`` (``text`` is an expression for one character); ``any`` (one character but ``/``);
    ``name`` (any of these); ``path`` (any characters); ``folders`` (nothing, or whole folders)."""

    kind: str
    text: str = ""


def one_of(expression: str) -> Part:
    """A class of characters, as a regular expression writes it; one that is none fits nothing, as with git."""
    try:
        re.compile(expression)
    except re.error:
        return Part("class", "(?!)")
    return Part("class", expression)


def fits(parts: Sequence[Part], path: str) -> bool:
    """Whether the parts, one after the other, are the whole path."""
    end = 1 << len(path)
    inside = _bits(path, lambda character: character != "/")
    behind = (end - 1 & ~inside) << 1
    at = 1
    for kind, text in parts:
        match kind:
            case "char":
                at = (at & _bits(path, text.__eq__)) << 1
            case "class":
                at = (at & _bits(path, re.compile(text, re.DOTALL).fullmatch)) << 1
            case "any":
                at = (at & inside) << 1
            case "name":
                more = at
                while more := (more & inside) << 1 & ~at:
                    at |= more
            case "path":
                at = _from(at, end)
            case "folders":
                at |= _from(at & inside, end) & behind
        if not at:
            return False
    return bool(at & end)


def _from(at: int, end: int) -> int:
    """All places from the first on; none where there is none."""
    return (end << 1) - (at & -at) if at else 0


def _bits(path: str, holds: object) -> int:
    assert callable(holds)
    return int("".join("1" if holds(character) else "0" for character in reversed(path)) or "0", 2)
