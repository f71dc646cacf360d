"""What the Markdown of a Copilot file names: files, by links and by ``#file:path``. And its headings.

As VS Code 1.139.1 reads it (``promptFileParser.ts``): line by line, not in fenced code nor in `code`, no images;
``#tool:name`` is a tool, which only the application knows. It calls every target that is no file a mistake; here only
what can be meant as a path beside the file is looked at, and without its ``#heading``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from urllib.parse import unquote

from promptls.formats.base import OpenSibling
from promptls.prompt.model import Passage, PathPlace, Reference
from promptls.text import Span

MOST = 200
"""Files, and headings, of one file."""

_LINE = re.compile(r"[^\r\n]+")
_FENCE = re.compile(r"[ \t]*(`{3,}|~{3,})(.*)")
_CODE = re.compile(r"`[^`]+`")
_LINK = re.compile(r"""(?<!!)\[[^\[\]]*\]\(\s*(?P<path>[^()\s<>]+)(?:\s+["'][^"'()]*["'])?\s*\)""")
_FILE = re.compile(r"#file:(?P<path>[^\s#]+)", re.IGNORECASE)
_BEGUN = re.compile(r"(?:(?<!!)\[[^\[\]]*(?P<link>\]\()[ \t]*|#file:)(?P<path>[^()\s<>#]*)", re.IGNORECASE)
_CLOSED = re.compile(r"""[^()\s<>]*\s*(?:["'][^"'()]*["']\s*)?\)""")
_BEHIND = ".,;:!?)]}'\"`*"
_ELSEWHERE = re.compile(r"[A-Za-z][\w+.-]*:|[/\\~#?]|.*[${}*<>|]")
_HEADING = re.compile(r" {0,3}#{1,6}[ \t]++(?=[^ \t])")
_BLANKS = " \t"


def references(text: str, span: Span, open_sibling: OpenSibling) -> tuple[Reference, ...]:
    """The files that the body names, in the order of the text; the conversation goes on without one that is absent."""
    paths = sorted(islice(_paths(text, span), MOST))
    return tuple(_reference(place.slice(text), place, open_sibling) for place in paths)


def path_places(text: str, span: Span) -> tuple[PathPlace, ...]:
    """Where a path stands or is begun: behind ``](`` and ``#file:``."""
    return tuple(islice(_begun(text, span), MOST))


def headings(text: str, span: Span) -> tuple[Passage, ...]:
    """A passage from each heading to the next one."""
    titles = ((place, _title(text, place)) for place, _ in _prose(text, span))
    found = list(islice(((place.start, title) for place, title in titles if title), MOST))
    ends = [*(start for start, _ in found[1:]), span.end]
    return tuple(_passage(text, title, start, end) for (start, title), end in zip(found, ends, strict=False))


def _paths(text: str, span: Span) -> Iterator[Span]:
    for place, line in _prose(text, span):
        taken: list[Span] = []
        for link in _LINK.finditer(line):
            taken.append(Span(*link.span()))
            path = link["path"].partition("#")[0].partition("?")[0]
            if _is_path(path):
                yield Span(link.start("path"), link.start("path") + len(path)).shift(place.start)
        for named in _FILE.finditer(line):
            path = named["path"].rstrip(_BEHIND)
            if _is_path(path, certain=True) and not any(one.holds(named.start()) for one in taken):
                yield Span(named.start("path"), named.start("path") + len(path)).shift(place.start)


def _begun(text: str, span: Span) -> Iterator[PathPlace]:
    for place, line in _prose(text, span):
        for named in _BEGUN.finditer(line):
            close = ")" if named["link"] and not _CLOSED.match(line, named.end()) else ""
            yield PathPlace(Span(*named.span("path")).shift(place.start), close)


def _prose(text: str, span: Span) -> Iterator[tuple[Span, str]]:
    """The lines outside of fenced code, each with blanks in the place of its code."""
    fence = ""
    for line in _LINE.finditer(text, span.start, span.end):
        marked = _FENCE.match(line[0])
        if marked and not fence:
            fence = marked[1]
        elif marked and marked[1].startswith(fence) and not marked[2].strip():
            fence = ""
        elif not fence:
            yield Span(*line.span()), _CODE.sub(lambda code: " " * len(code[0]), line[0])


def _is_path(written: str, *, certain: bool = False) -> bool:
    """Whether it can be a path relative to the file; a word such as ``url`` stands for an address in an example."""
    return bool(written) and not _ELSEWHERE.match(written) and (certain or "." in written.strip(".") or "/" in written)


def _reference(path: str, span: Span, open_sibling: OpenSibling) -> Reference:
    there = open_sibling(path)
    if there.exists is False and "%" in path:
        there = open_sibling(unquote(path))
    return Reference("file", path, span, uri=there.uri, exists=there.exists, needed=False)


def _title(text: str, line: Span) -> Span | None:
    """The words of a heading, without the marks behind them."""
    opener = _HEADING.match(text, line.start, line.end)
    if opener is None:
        return None
    words = text[opener.end() : line.end].rstrip(_BLANKS).rstrip("#").rstrip(_BLANKS)
    return Span(opener.end(), opener.end() + len(words)) if words else None


def _passage(text: str, title: Span, start: int, end: int) -> Passage:
    whole = Span(start, start + len(text[start:end].rstrip()))
    return Passage(title.slice(text), whole, title, "section")
