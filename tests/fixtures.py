"""Reads the small workspaces that tests are written as.

    -- greet.prompty --
    ---
    inputs:
      tone: {kind: string}
      ^^^^ unused-input: `tone` is never used
    ---
    user:
    Hello {{ na█ }}

`-- name --` starts a file (before the first one: `prompt.prompty`), `█` is the cursor, and a line of `^` marks
a finding on the columns above it. The message may be left out, or end in `…` to stand for all that begin so. A
finding of several lines is marked on its first, up to the end of that line; one of no width on the character it
stands before.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from promptls.text import Span, Text

CURSOR = "█"
_FILE = re.compile(r"^-- (\S+) --$")
_MARK = re.compile(r"^ *(\^+) ([a-z][a-z0-9-]*)(?:: (.*))?$")


class Mark(NamedTuple):
    """An expected finding: columns in code points, ``end`` not in it."""

    path: str
    line: int
    start: int
    end: int
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Fixture:
    """``files``: name to text, without marks and cursor, in the order written; ``cursor``: ``(name, offset)``."""

    files: Mapping[str, str]
    marks: tuple[Mark, ...] = ()
    cursor: tuple[str, int] | None = None

    @property
    def main(self) -> str:
        """The file that holds the cursor, else the first."""
        return self.cursor[0] if self.cursor else next(iter(self.files))

    @property
    def text(self) -> str:
        return self.files[self.main]

    @property
    def offset(self) -> int:
        """The cursor, in the text of ``main``."""
        assert self.cursor is not None, "the fixture has no cursor █"
        return self.cursor[1]


def fixture(source: str, name: str = "prompt.prompty") -> Fixture:
    """The workspace that ``source`` describes; indentation common to all lines and a first empty line are cut."""
    files: dict[str, str] = {}
    marks: list[Mark] = []
    lines: list[str] = []

    def finish() -> None:
        if lines or name in starts:
            files[name] = "".join(line + "\n" for line in lines)

    starts: set[str] = set()
    for line in textwrap.dedent(source.removeprefix("\n")).rstrip(" ").removesuffix("\n").split("\n"):
        if opened := _FILE.match(line):
            finish()
            name, lines = opened[1], []
            assert name not in starts, f"{name} is written twice"
            starts.add(name)
        elif marked := _MARK.match(line):
            assert lines, f"nothing stands above the mark {line!r}"
            marks.append(Mark(name, len(lines) - 1, *marked.span(1), marked[2], marked[3] or "…"))
        else:
            lines.append(line)
    finish()

    cursor: tuple[str, int] | None = None
    for path, text in files.items():
        if CURSOR in text:
            assert cursor is None, "a fixture has one cursor"
            assert text.count(CURSOR) == 1, "a fixture has one cursor"
            cursor = path, text.index(CURSOR)
            files[path] = text.replace(CURSOR, "")
    return Fixture(files, tuple(marks), cursor)


def mark(path: str, text: Text, span: Span, code: str, message: str) -> Mark:
    """The mark that stands for a finding on ``span``."""
    line, start = text.place(span.start)
    last, end = text.place(span.end)
    if last > line:
        end = len(text.line_text(line))
    return Mark(path, line, start, max(end, start + 1), code, message)


def differences(expected: Iterable[Mark], found: Iterable[Mark]) -> list[str]:
    """Lines that say what is missing and what is too much; empty when all is as expected."""
    left = list(found)
    lines = []
    for want in expected:
        hit = next((one for one in left if one[:5] == want[:5] and _says(want.message, one.message)), None)
        if hit:
            left.remove(hit)
        else:
            lines.append(f"missing   {_shown(want)}")
    return lines + [f"not asked {_shown(one)}" for one in left]


def _says(wanted: str, message: str) -> bool:
    return message.startswith(wanted[:-1]) if wanted.endswith("…") else message == wanted


def _shown(one: Mark) -> str:
    return f"{one.path}:{one.line + 1}:{one.start + 1}-{one.end + 1} {one.code}: {one.message}"
