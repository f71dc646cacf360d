"""How output looks: colour on a terminal only, nothing that a file could smuggle in."""

from __future__ import annotations

import os
import shutil
import sys
import textwrap
import unicodedata
from collections.abc import Iterable
from typing import IO, TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from rich.console import Console

TAB = 4


class Piece(NamedTuple):
    """Text in one style; styles are rich's (``bold red``), empty for none."""

    text: str
    style: str = ""


def colours(stream: IO[str]) -> bool:
    """Whether to colour: on a terminal, unless NO_COLOR is set; FORCE_COLOR asks for it anywhere."""
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return stream.isatty() and os.environ.get("TERM") != "dumb"


def console(stream: IO[str]) -> Console:
    """rich's console on a stream, with the same answer to the question of colour."""
    from rich.console import Console

    wanted = colours(stream)
    return Console(file=stream, force_terminal=wanted or None, no_color=not wanted, highlight=False, soft_wrap=True)


class Printer:
    """Writes lines of pieces to a stream."""

    def __init__(self, stream: IO[str] | None = None) -> None:
        self.stream = stream or sys.stdout
        self._console = console(self.stream) if colours(self.stream) else None

    def line(self, *pieces: Piece | str) -> None:
        parts = [piece if isinstance(piece, Piece) else Piece(piece) for piece in pieces]
        if self._console is None:
            self.stream.write("".join(part.text for part in parts) + "\n")
            return
        from rich.text import Text

        self._console.print(Text.assemble(*((part.text, part.style) for part in parts)))

    def lines(self, lines: Iterable[Iterable[Piece | str]]) -> None:
        for line in lines:
            self.line(*line)


def say(text: str, *, nl: bool = True) -> None:
    """Print a text that holds what a file or a model says: as it is into a pipe, harmless on a terminal."""
    import click

    click.echo(visible(text) if sys.stdout.isatty() else text, nl=nl)


def visible(text: str) -> str:
    """``text`` as it may be printed: what moves a cursor, hides or reorders text is shown as a box.

    One character stays one character, so columns keep their meaning; a tab becomes spaces in ``expand``.
    """
    return "".join(character if _harmless(character) else "\N{WHITE SQUARE}" for character in text)


def one_line(text: str) -> str:
    """``text`` that must not leave its line: a path, a message."""
    return visible(" ".join(text.splitlines()))


def width() -> int:
    """The columns that a line may take: those of the terminal, 80 where there is none."""
    return max(40, shutil.get_terminal_size().columns)


def folded(text: str, margin: str) -> list[str]:
    """A text on as many lines as it takes, broken between words; a word alone may be longer than a line."""
    return textwrap.wrap(
        one_line(text),
        width(),
        initial_indent=margin,
        subsequent_indent=margin,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _harmless(character: str) -> bool:
    if character in "\t\n" or character.isprintable():
        return True
    # Zero-width joiners make emoji and scripts; other format characters (bidi overrides) reorder a line.
    return unicodedata.category(character) in ("Zs", "Co") or character in "\u200c\u200d"


def cells(character: str) -> int:
    """How many columns of a terminal one character takes (a tab not counted here)."""
    if character < "\u0300":
        return 1
    if unicodedata.combining(character) or unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def expand(text: str) -> tuple[str, list[int]]:
    """A line for the terminal, and the column of each of its characters, with one more for the end."""
    out: list[str] = []
    columns: list[int] = []
    at = 0
    before = ""
    for character in visible(text):
        columns.append(at)
        if character == "\t":
            step = TAB - at % TAB
            out.append(" " * step)
        else:
            # An emoji's skin tone, and what a joiner joins, is drawn in the cells of what stands before.
            joined = before == "\u200d" or "\U0001f3fb" <= character <= "\U0001f3ff"
            step = 0 if joined and at else cells(character)
            out.append(character)
        before = character
        at += step
    return "".join(out), [*columns, at]


def use_utf8() -> None:
    """Frames and names need more than a code page has; what a stream cannot say is replaced, never an error."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            # A pipe gets UTF-8 on every system, as the JSON that it may carry is defined.
            stream.reconfigure(encoding=None if stream.isatty() else "utf-8", errors="replace")
