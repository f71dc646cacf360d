"""Words of others in Markdown of ours: they are shown as they are, and none of them is read as Markdown."""

from __future__ import annotations

import re

_SPECIAL = re.compile(r"([\\`*\[\]<>|~&$]|(?<![^\W_])_|_(?![^\W_]))")
"""Inside of a word `_` marks nothing, and some editors show the backslash."""
_SPACE = re.compile(r"\s+")
_LINE_MARK = re.compile(r"^(\d+(?=[.)](?: |$))|(?=[-+=#]))")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069]")


def escape(text: str) -> str:
    """Text as text, on one line."""
    return _LINE_MARK.sub(r"\1\\", _SPECIAL.sub(r"\\\1", _one_line(text).strip()))


def sentence(text: str) -> str:
    """A message of ours, on one line: its backticks are meant, all else is not."""
    parts = _one_line(text).strip().split("`")
    if len(parts) % 2 == 0:
        return escape(text)
    return "".join(f"`{part}`" if at % 2 else _SPECIAL.sub(r"\\\1", part) for at, part in enumerate(parts))


def code(text: str) -> str:
    """Text in a code span, on one line."""
    text = _one_line(text) or " "
    marks = "`" * (_longest_run(text) + 1)
    pad = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{marks}{pad}{text}{pad}{marks}"


def fenced(text: str, language: str = "text") -> str:
    """Text in a block of code that no line of it can end."""
    fence = "`" * max(3, _longest_run(text) + 1)
    return f"{fence}{language}\n{text}\n{fence}"


def _one_line(text: str) -> str:
    return _SPACE.sub(" ", _CONTROL.sub("", text))


def _longest_run(text: str) -> int:
    return max((len(run) for run in re.findall("`+", text)), default=0)
