"""The conflicts that a merge left in a text, each from its first marker to its last."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import NamedTuple

from promptls.text import Span

_MARKER = re.compile(r"^(<{7}|={7}|\|{7}|>{7})(?: ([^\r\n]*))?\r?$", re.MULTILINE)
_FENCE = re.compile(r"^[ \t]*(?:```|~~~)", re.MULTILINE)
_EDITS = {"SEARCH", "REPLACE", "ORIGINAL", "UPDATED"}
"""What models are told to write behind the same markers, in prompts about editing files."""


class Conflict(NamedTuple):
    """``span``: both sides with all markers, without the last line's end. ``ours`` and ``theirs``: the lines of each
    side. ``names``: what the markers call them."""

    span: Span
    ours: Span
    theirs: Span
    names: tuple[str, str]


def conflicts_in(text: str) -> tuple[Conflict, ...]:
    """Each whole conflict (``<<<<<<<``, ``=======``, ``>>>>>>>``), in the order of the text.

    Markers in a block of code are an example, and so are those of the search-and-replace blocks that models write.
    """
    if "<<<<<<<" not in text or ">>>>>>>" not in text:
        return ()
    found = []
    seen: dict[str, re.Match[str]] = {}
    for marker in _MARKER.finditer(text):
        sign = marker[1][0]
        if sign == "<":
            seen = {sign: marker}
        elif sign == ">" and {"<", "="} <= seen.keys():
            found.append(_conflict(seen, marker, len(text)))
            seen = {}
        elif seen and sign not in seen and "=" not in seen:
            seen[sign] = marker
    fences = [fence.start() for fence in _FENCE.finditer(text)] if found else []
    return tuple(one for one in found if not _EDITS & set(one.names) and not _in_code(one.span, fences))


def is_in_conflict(conflicts: tuple[Conflict, ...], place: Span) -> bool:
    """Whether a place overlaps one of the conflicts of a text, or stands in it."""
    at = bisect_right(conflicts, place.start, key=lambda conflict: conflict.span.start)
    near = [conflict.span for conflict in conflicts[max(at - 1, 0) : at + 1]]
    return any(span.overlaps(place) or span.holds(place.start) for span in near)


def _conflict(seen: dict[str, re.Match[str]], last: re.Match[str], end: int) -> Conflict:
    first, middle = seen["<"], seen["="]
    base = seen.get("|", middle)
    names = ((first[2] or "").strip(), (last[2] or "").strip())
    ours = Span(min(first.end() + 1, end), base.start())
    theirs = Span(min(middle.end() + 1, end), last.start())
    return Conflict(Span(first.start(), last.start() + len(last[0].rstrip("\r"))), ours, theirs, names)


def _in_code(span: Span, fences: list[int]) -> bool:
    """Whether an odd number of fences stands above the whole conflict."""
    return bisect_right(fences, span.start) % 2 == 1
