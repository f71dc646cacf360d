"""The kinds of Copilot's files by their names, as VS Code 1.139 sorts them (extensions/prompt-basics/package.json).

Without those that it takes for such because of their folder (`.github/agents/*.md`, `.claude/rules/*.md`).
"""

from __future__ import annotations

import posixpath
from fnmatch import fnmatchcase
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from promptls.formats.base import Language
from promptls.prompt.model import Recognised

KEY = "copilot"


class Kind(NamedTuple):
    """``variant``: what a Document of it says; ``schema``: of its header; ``language``: VS Code's id of it.

    ``runnable``: the file is a whole conversation; the others are added to one by the application.
    """

    variant: str
    title: str
    patterns: tuple[str, ...]
    schema: str
    language: str
    runnable: bool = False


_KINDS = (
    Kind("prompt", "Copilot prompt", ("*.prompt.md",), "copilot-prompt", "prompt", runnable=True),
    Kind(
        "instructions",
        "Copilot instructions",
        ("*.instructions.md", "copilot-instructions.md"),
        "copilot-instructions",
        "instructions",
    ),
    Kind("agent", "Copilot agent", ("*.agent.md", "*.chatmode.md"), "copilot-agent", "chatagent"),
)
KINDS = {kind.variant: kind for kind in _KINDS}
KEYS = (KEY, *(kind.schema for kind in _KINDS))
LANGUAGES = tuple(
    Language(kind.language, kind.title, kind.patterns, builtin=True, like="markdown", folders=(".github",))
    for kind in _KINDS
)


def recognise(name: str, text: str, as_format: str | None = None) -> Recognised | None:
    """By the name alone: the files are Markdown, and nothing in them has to be theirs."""
    told = as_format in KEYS
    base = file_name(name).lower()
    for kind in _KINDS:
        pattern = next((pattern for pattern in kind.patterns if fnmatchcase(base, pattern)), "")
        if pattern and as_format in (None, KEY, kind.schema):
            return Recognised(KEY, kind.title, f"its name ends in `{pattern.lstrip('*')}`", variant=kind.variant)
    kind = next((kind for kind in _KINDS if kind.schema == as_format), _KINDS[0])
    return Recognised(KEY, kind.title, "the configuration says so", variant=kind.variant) if told else None


def file_name(path: str) -> str:
    """Of a path or a URI."""
    return posixpath.basename(unquote(urlsplit(path.replace("\\", "/")).path))


def name_of(path: str) -> str:
    """What the file is called where it does not say it: its name without ``.prompt.md``."""
    base = file_name(path)
    endings = (pattern.lstrip("*") for kind in _KINDS for pattern in kind.patterns)
    ending = next((one for one in endings if base.lower().endswith(one)), posixpath.splitext(base)[1])
    return base[: len(base) - len(ending)]
