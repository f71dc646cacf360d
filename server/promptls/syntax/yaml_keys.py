"""Keys, comments and properties on one line of YAML, found by looking at the line alone."""

from __future__ import annotations

import re
from typing import NamedTuple

_PROPERTIES = re.compile(r"(?:[&!][^\s,\[\]{}]*[ \t]+)*")
_QUOTED = re.compile(r""""(?:[^"\\\r\n]|\\.)*"|'(?:[^'\r\n]|'')*'""")
_COLON = re.compile(r"[ \t]*:(?=[ \t]|\Z)")


class Key(NamedTuple):
    """``name`` is unquoted; ``start`` and ``end`` include the quotes."""

    name: str
    start: int
    end: int
    colon: int


def key_at(source: str, at: int, end: int, *, any_start: bool = False) -> Key | None:
    """The key of ``key: value`` that starts at ``at`` on a line that ends at ``end``.

    ``any_start``: also where its first character means something else in YAML.
    """
    at = at if any_start else after_properties(source, at, end)
    if at >= end:
        return None
    first = source[at]
    if first in "\"'":
        quoted = end_of_quoted(source, at, end)
        colon = _COLON.match(source, quoted, end) if quoted else None
        if quoted is None or colon is None:
            return None
        return Key(unquoted(source[at:quoted]), at, quoted, colon.end() - 1)
    if not any_start and (first in "#[]{}&*!|>%@`," or (first in "-?:" and (at + 1 == end or source[at + 1] in " \t"))):
        return None
    limit = comment_start(source, at, end)
    colon_at = source.find(":", at, limit)
    while colon_at >= 0:
        if colon_at + 1 == end or source[colon_at + 1] in " \t":
            name = source[at:colon_at].rstrip()
            return Key(name, at, at + len(name), colon_at)
        colon_at = source.find(":", colon_at + 1, limit)
    return None


def end_of_quoted(source: str, at: int, end: int) -> int | None:
    """Where the quoted scalar that starts at ``at`` ends, if it does before ``end``."""
    match = _QUOTED.match(source, at, end)
    return match.end() if match else None


def comment_start(source: str, start: int, end: int) -> int:
    """Where a comment starts behind something that is not quoted, or ``end``."""
    found = [at for at in (source.find(mark, start, end) for mark in (" #", "\t#")) if at >= 0]
    return min(found, default=end)


def after_blanks(source: str, at: int, end: int) -> int:
    while at < end and source[at] in " \t":
        at += 1
    return at


def after_properties(source: str, at: int, end: int) -> int:
    """Behind ``&anchor`` and ``!tag``."""
    match = _PROPERTIES.match(source, at, end)
    return match.end() if match else at


def unquoted(word: str) -> str:
    if len(word) < 2 or word[0] != word[-1] or word[0] not in "\"'":
        return word
    return word[1:-1].replace("''", "'") if word[0] == "'" else word[1:-1]
