"""Which text came from which output tag: the marks of a second render, taken out again."""

from __future__ import annotations

from promptls.render.result import Mark
from promptls.text import Span

# As in child.py, which can import nothing of ours (tests/render/test_marks.py holds them together).
FIRST_OPEN = 0xF0000
CLOSE = "\U00100000"


def unmark(marked: str, plain: str, tags: int) -> tuple[Mark, ...] | None:
    """The marks of ``marked``, as places in ``plain``; None unless the text without marks is ``plain``.

    ``tags``: how many output tags there are. A text that holds the private-use characters itself has no marks.
    """
    pieces: list[str] = []
    marks: list[Mark] = []
    still_open: list[tuple[int, int]] = []
    at = done = 0
    for index, character in enumerate(marked):
        if character < "\U000f0000":
            continue
        number = ord(character) - FIRST_OPEN
        if character != CLOSE and number >= tags:
            continue
        pieces.append(marked[done:index])
        at += index - done
        done = index + 1
        if character != CLOSE:
            still_open.append((number, at))
        elif still_open:
            tag, start = still_open.pop()
            marks.append(Mark(Span(start, at), tag))
        else:
            return None
    pieces.append(marked[done:])
    if still_open or "".join(pieces) != plain:
        return None
    return tuple(sorted(marks, key=lambda mark: (mark.span.start, -mark.span.end)))
