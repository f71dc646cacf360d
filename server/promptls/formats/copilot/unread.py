"""A header that the file does not begin with: VS Code (1.139.1) takes it for text, and no word says so.

What stands above it is mostly a code fence around the whole file, as a chat answers with one, else empty lines, a
heading or a comment. It is only a header where a line ``---`` ends it as well and one of its keys is one of the kind's.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from itertools import takewhile

from promptls.syntax.frontmatter import FrontMatter
from promptls.syntax.problem import Problem
from promptls.text import Span

_LINE = re.compile(r"([^\r\n]*)(?:\r\n|\n|\r|\Z)")
_FENCE = re.compile(r"[ \t]*(?P<marks>`{3,}|~{3,})[\w-]*[ \t]*\Z")
_HEAD = re.compile(r"[ \t]*(?:#.*|<!--.*-->[ \t]*)?\Z")
_KEY = re.compile(r"([\w-]+)[ \t]*:(?:[ \t]|\Z)")
_MOST = 20
"""Lines above it that are looked at."""


def unread_header(text: str, front: FrontMatter, keys: Collection[str]) -> Iterator[Problem]:
    """``keys``: those of the kind of file."""
    if front.header is not None:
        return
    fences: list[str] = []
    lines = _lines(text, front.body.start)
    for place in [place for place, _ in zip(lines, range(_MOST), strict=False)]:
        line = place.slice(text)
        fence = _FENCE.match(line)
        if line.rstrip() == "---":
            yield from _problem(text, front.body.start, place, fences, keys)
            return
        if fence:
            fences.append(fence["marks"])
        elif not _HEAD.match(line):
            return


def _problem(text: str, start: int, opener: Span, fences: list[str], keys: Collection[str]) -> Iterator[Problem]:
    inner = list(takewhile(lambda place: place.slice(text).rstrip() != "---", list(_lines(text, opener.end))[1:]))
    written = [place.slice(text) for place in inner]
    closer = next(_lines(text, _after(text, inner[-1].end)), None) if inner else None
    named = [match[1] for match in map(_KEY.match, written) if match]
    first = next((line for line in written if line.strip() and not line.startswith("#")), "")
    if closer is None or closer.slice(text).rstrip() != "---" or not _KEY.match(first) or not {*named} & {*keys}:
        return
    above = text[start : opener.start]
    if fences:
        advice, title = "remove the code fence around it", "Remove the code fence"
        edits = _unfenced(text, opener, closer, start, fences)
    elif not above.strip():
        advice, title = "remove the empty lines above it", "Remove the empty lines"
        edits = [(Span(start, opener.start), "")]
    else:
        advice, title = "move it above the first line", "Move the header to the top"
        edits = _moved(text, start, opener, closer)
    message = f"VS Code takes this header for text, because the file does not begin with it: {advice}"
    opening = Span(opener.start, opener.start + 3)
    yield Problem(opening, "front-matter-unread", message, "", {"title": title, "edits": edits})


def _unfenced(text: str, opener: Span, closer: Span, start: int, fences: list[str]) -> list[tuple[Span, str]]:
    """Without the fence and the one that closes it: there is one where an odd number follows, since those of the text
    are pairs. None where it cannot be told which of them it is."""
    if len(fences) > 1:
        return []
    edits = [(Span(start, opener.start), "")]
    own = [place for place in _lines(text, closer.end) if place.slice(text).lstrip(" \t").startswith(fences[0])]
    if len(own) % 2 == 0:
        return edits
    at_once = not text[closer.end : own[0].start].strip()
    last = own[0] if at_once else own[-1]
    bare = not last.slice(text).strip().strip(fences[0][0])
    ends = at_once or not text[last.end :].strip()
    return [*edits, (Span(last.start, _after(text, last.end)), "")] if bare and ends else []


def _moved(text: str, start: int, opener: Span, closer: Span) -> list[tuple[Span, str]]:
    block = Span(opener.start, _after(text, closer.end))
    return [(Span(start, start), block.slice(text)), (block, "")] if block.end > closer.end else []


def _lines(text: str, start: int) -> Iterator[Span]:
    """The places of the lines from ``start`` on, without their ends."""
    for match in _LINE.finditer(text, start):
        if match.end() > match.start():
            yield Span(*match.span(1))


def _after(text: str, end: int) -> int:
    """Where the next line starts."""
    match = _LINE.match(text, end)
    return match.end() if match else end
