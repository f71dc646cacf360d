"""Where things stand in a result document: header, answer, then sections behind marks that no answer can contain.

A mark carries the run's id, which the model does not know, so whatever an answer says it stays in one piece.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from promptls.text import Span

ENDING: Final = ".run.md"
FOLDER: Final = ".promptls"
SECTIONS: Final = {
    "note": "Note",
    "tools": "Tool calls",
    "media": "Media",
    "wire": "Request",
    "thinking": "Thinking",
    "sent": "Messages sent",
}
"""The sections by name, in the order of the document, with the titles that people see."""
GUARD: Final = "text"
"""The language of the fence around an answer that must not be drawn."""
_GUARDED: Final = "answer"
_WHY: Final = "*Shown as text: drawn, it would load a picture or HTML, or what follows would be a part of it.*"
_OPENER: Final = re.compile(rf"\s*+(?:\*[^\r\n]*+\s*+)?^(`{{3,}}){GUARD}[ \t]*\r?\n", re.MULTILINE)

BLANKS: Final = " \t\r\n"
"""What is cut off around an answer; all other white space is the model's own."""

_MARK = re.compile(r"(?:\A|(?<=[\r\n]))<!-- promptls:([a-z]+) ([\w.-]+) -->[ \t]*(?=[\r\n]|\Z)")


_NOT_COPIED = re.compile(r"\(\d+ characters, not copied here\)")


def not_copied(value: str) -> str:
    """What stands in the header for a value that is too long to be copied there."""
    return f"({len(value)} characters, not copied here)"


def is_not_copied(value: object) -> bool:
    return isinstance(value, str) and _NOT_COPIED.fullmatch(value) is not None


class Place(NamedTuple):
    """A section: ``mark`` is its first line, ``span`` is from there to the next section or the end of the file."""

    name: str
    mark: Span
    span: Span


def mark(name: str, run: str) -> str:
    return f"<!-- promptls:{name} {run} -->"


def guarded(fence: str, run: str) -> str:
    """The answer in its fence, with a mark that says so: an answer may be a fence itself."""
    return f"{mark(_GUARDED, run)}\n{_WHY}\n\n{fence}"


def places(text: str, body: Span, run: str) -> tuple[Span, tuple[Place, ...]]:
    """The answer's place in ``body`` (without the blank lines and the fence around it), and the sections behind it.

    ``run``: the id in the header; empty where it cannot be read, then any run's marks count.
    """
    marks = list(_marks(text, body, run))
    guard = marks[0][1] if marks and marks[0][0] == _GUARDED else None
    found = [one for one in marks if one[0] != _GUARDED]
    ends = [*(mark.start for _, mark in found), body.end][1:]
    sections = tuple(Place(name, mark, Span(mark.start, end)) for (name, mark), end in zip(found, ends, strict=True))
    start, end = body.start, found[0][1].start if found else body.end
    if guard is not None:
        start, end = _inside(text, guard.end, end)
    first = start
    written = text[start:end]
    # An answer may begin with blanks that mean something (code), so only whole blank lines are cut off.
    start += len(written) - len(written.lstrip(BLANKS))
    line = max(text.rfind("\n", first, start), text.rfind("\r", first, start)) + 1
    start = max(line, first)
    return Span(start, max(start, first + len(written.rstrip(BLANKS)))), sections


def _inside(text: str, start: int, end: int) -> tuple[int, int]:
    """What stands in the fence; all of it where a person took the fence away."""
    opener = _OPENER.match(text, start, end)
    if opener is None:
        return start, end
    closers = [found.start() for found in re.finditer(rf"^{opener[1]}[ \t]*\r?$", text, re.MULTILINE)]
    return opener.end(), max((at for at in closers if opener.end() <= at < end), default=end)


def _marks(text: str, body: Span, run: str) -> Iterator[tuple[str, Span]]:
    for found in _MARK.finditer(text, body.start, body.end):
        if (found[1] in SECTIONS or found[1] == _GUARDED) and (not run or found[2] == run):
            yield found[1], Span(*found.span())
