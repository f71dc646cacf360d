"""The kinds of Copilot's files by name and folder, as VS Code 1.139 sorts them (extensions/prompt-basics/package.json).

Without those that it borrows from Claude (`.claude/rules`, `.claude/agents`), which have keys of their own.
"""

from __future__ import annotations

import posixpath
from fnmatch import fnmatchcase
from typing import NamedTuple

from promptls.formats.base import Language, is_at
from promptls.prompt.model import Recognised
from promptls.text.uris import path_in

KEY = "copilot"


class Kind(NamedTuple):
    """``variant``: what a Document of it says; ``schema``: of its header; ``language``: VS Code's id of it.

    ``runnable``: the file is a whole conversation; the others are added to one by the application.
    ``paths``: where any Markdown is of the kind.
    """

    variant: str
    title: str
    patterns: tuple[str, ...]
    schema: str
    language: str
    runnable: bool = False
    paths: tuple[str, ...] = ()


_KINDS = (
    Kind("prompt", "Copilot prompt", ("*.prompt.md",), "copilot-prompt", "prompt", runnable=True),
    Kind(
        "instructions",
        "Copilot instructions",
        ("*.instructions.md", "copilot-instructions.md"),
        "copilot-instructions",
        "instructions",
    ),
    Kind(
        "agent",
        "Copilot agent",
        ("*.agent.md", "*.chatmode.md"),
        "copilot-agent",
        "chatagent",
        paths=(".github/agents/*.md",),
    ),
)
KINDS = {kind.variant: kind for kind in _KINDS}
KEYS = (KEY, *(kind.schema for kind in _KINDS))
LANGUAGES = tuple(
    Language(
        kind.language, kind.title, kind.patterns, builtin=True, like="markdown", folders=(".github",), paths=kind.paths
    )
    for kind in _KINDS
)


def recognise(name: str, text: str, as_format: str | None = None) -> Recognised | None:
    """By the name and the folder alone: the files are Markdown, and nothing in them has to be theirs."""
    told = as_format in KEYS
    path = path_in(name).lower().split("/")
    base = path[-1]
    for kind in _KINDS:
        pattern = next((pattern for pattern in kind.patterns if fnmatchcase(base, pattern)), "")
        if pattern and as_format in (None, KEY, kind.schema):
            return Recognised(KEY, kind.title, f"its name ends in `{pattern.lstrip('*')}`", variant=kind.variant)
    for kind in _KINDS:
        pattern = next((pattern for pattern in kind.paths if is_at(path, pattern)), "")
        if pattern and as_format in (None, KEY, kind.schema):
            why = f"it stands in `{posixpath.dirname(pattern)}`"
            return Recognised(KEY, kind.title, why, variant=kind.variant)
    kind = next((kind for kind in _KINDS if kind.schema == as_format), _KINDS[0])
    return Recognised(KEY, kind.title, "the configuration says so", variant=kind.variant) if told else None


def file_name(path: str) -> str:
    """Of a path or a URI."""
    return posixpath.basename(path_in(path))


def name_of(path: str) -> str:
    """What the file is called where it does not say it: its name without ``.prompt.md``."""
    base = file_name(path)
    endings = (pattern.lstrip("*") for kind in _KINDS for pattern in kind.patterns)
    ending = next((one for one in endings if base.lower().endswith(one)), posixpath.splitext(base)[1])
    return base[: len(base) - len(ending)]
