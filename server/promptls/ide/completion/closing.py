"""How a choice ends its tag: with the closer where there is none yet, in the file's own spacing."""

from __future__ import annotations

import re
from typing import NamedTuple

from promptls.ide.completion.snippets import plain
from promptls.text import Span, Text

_REST = re.compile(r"([^\S\r\n]*)([-+~]?(?:%\}|\}\}\}?)|\}|)")
_SPACED = re.compile(r"\{\{-? ")
_TIGHT = re.compile(r"\{\{[-~]?[\w#/>^]")


class Surroundings(NamedTuple):
    """``before``/``after``: what to write around a choice. ``end``: where its tag ends in the text; ``closed``: it
    has a closer there, or the part of one that an editor wrote."""

    before: str
    after: str
    end: int
    closed: bool = False

    def text(self, choice: str) -> str:
        return self.before + choice + self.after

    def snippet(self, choice: str) -> str | None:
        """``choice`` is a snippet; the cursor stays before a closer that is written along."""
        if not self.after and "$" not in choice:
            return None
        return plain(self.before) + choice + ("" if "$0" in choice else "$0") + plain(self.after)


def surroundings(text: Text, opener: str, replace: Span, offset: int) -> Surroundings:
    """What a choice at the end of a tag needs around it. ``opener``: ``{{`` or ``{%``.

    Editors close ``{`` by themselves, so that ``}`` or ``}}`` may stand behind the cursor already, and the tag's
    last characters have to be completed, not doubled.
    """
    value = text.value
    line_end = text.line_span(text.line_at(offset)).end
    closer = "}}" if opener == "{{" else "%}"
    space = " " if opener == "{%" or _spaced(value) else ""
    before = space if value[: replace.start].endswith((opener, opener + "-")) else ""
    rest = _REST.match(value, offset, line_end)
    gap, found = (rest[1], rest[2]) if rest else ("", "")
    end = offset + len(gap) + len(found)
    if found.endswith(closer):
        return Surroundings(before, space if before and not gap else "", end, True)
    if found == "}":
        return Surroundings(before, (space if not gap else "") + closer[0], end, True)
    if offset + len(gap) == line_end or value.startswith(("{{", "{%", "{#"), offset + len(gap)):
        return Surroundings(before, space + closer, offset)
    return Surroundings(before, "", offset)


def _spaced(value: str) -> bool:
    """Whether the file writes ``{{ name }}``; a file that does not show is taken to."""
    spaced, tight = _SPACED.search(value), _TIGHT.search(value)
    return not tight or bool(spaced and spaced.start() < tight.start())
