"""Keys in a `.env` file that git does not carry away. Only what is asked for by name is read; addresses never are."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final, NamedTuple

from promptls.workspace.wildcards import LONGEST, Part, fits, one_of

NAME: Final = ".env"
_LARGEST: Final = 256 << 10
_LINE: Final = re.compile(r"[ \t]*(?:export[ \t]+)?([A-Za-z_]\w*)[ \t]*=[ \t]*(.*)", re.S)
_QUOTED: Final = re.compile(r"'([^']*)'|\"((?:[^\"\\]|\\.)*)\"", re.S)


class Dotenv(NamedTuple):
    """``refused``: why nothing is read of it, in a sentence; empty where it is."""

    path: Path
    text: str
    refused: str = ""

    def get(self, name: str) -> str:
        """The value of a variable, the last one; empty where there is none."""
        found = ""
        for line in self.text.splitlines() if name in self.text else ():
            match = _LINE.match(line)
            if match is not None and match[1] == name:
                found = _value(match[2])
        return found


def _value(written: str) -> str:
    """Without quotes, and without the comment behind; nothing in it stands for another variable."""
    quoted = _QUOTED.match(written)
    if quoted is not None:
        return (quoted[1] if quoted[1] is not None else quoted[2]).strip()
    comment = re.search(r"(?:\A|[ \t])#", written)
    return (written[: comment.start()] if comment else written).strip()


def folders_for(folder: str, top: str | None) -> tuple[str, ...]:
    """Where a `.env` for a file in ``folder`` may be, nearest first: there, and up to ``top`` where that is above."""
    here = Path(os.path.abspath(folder))
    above = Path(os.path.abspath(top)) if top is not None else here
    if not here.is_relative_to(above):
        return (str(here),)
    return tuple(str(one) for one in (here, *here.parents) if one.is_relative_to(above))


def dotenvs(folders: Iterable[str]) -> Iterator[Dotenv]:
    """Each `.env` in these folders, with its text where it may be used."""
    for folder in folders:
        path = Path(folder, NAME)
        try:
            if not path.is_file() or path.stat().st_size > _LARGEST:
                continue
            text = path.read_bytes().decode("utf-8-sig")
        except (OSError, UnicodeDecodeError, ValueError):
            continue
        if is_ignored(path):
            yield Dotenv(path, text)
        else:
            yield Dotenv(path, text, f"git does not ignore {path}: add `{NAME}` to .gitignore to have its keys used")


def is_ignored(path: Path) -> bool:
    """Whether git leaves a file out, by the rules of gitignore(5), or it is in no repository. git is not run."""
    root = next((folder for folder in path.parents if (folder / ".git").exists()), None)
    if root is None:
        return True
    steps = path.relative_to(root).parts
    # What is in an ignored folder is ignored, whatever else is said of it.
    return any(_says(root, steps[:end], folder=end < len(steps)) for end in range(1, len(steps) + 1))


def _says(root: Path, steps: tuple[str, ...], *, folder: bool) -> bool:
    """The last pattern that fits decides, those of a nearer folder after those of a farther one."""
    ignored = False
    for rules, base in (
        (root / ".git" / "info" / "exclude", 0),
        *((root.joinpath(*steps[:depth]) / ".gitignore", depth) for depth in range(len(steps))),
    ):
        for pattern in _patterns(rules):
            if pattern.fits("/".join(steps[base:]), folder):
                ignored = not pattern.negated
    return ignored


class _Pattern(NamedTuple):
    parts: tuple[Part, ...]
    negated: bool
    folders_only: bool

    def fits(self, path: str, folder: bool) -> bool:
        return (folder or not self.folders_only) and fits(self.parts, path)


def _patterns(file: Path) -> list[_Pattern]:
    try:
        # A link to a device would never end, and git follows no link here either.
        if file.is_symlink() or not file.is_file() or file.stat().st_size > _LARGEST:
            return []
        lines = file.read_bytes().decode("utf-8", "replace").splitlines()
    except (OSError, ValueError):
        return []
    found = []
    for line in lines:
        text = re.sub(r"(?<!\\)[ \t]+$", "", line)
        if not text or text.startswith("#"):
            continue
        negated = text.startswith("!")
        text = text[1:] if negated else text
        folders_only = text.endswith("/")
        text = text.rstrip("/")
        anchored = "/" in text
        text = text.lstrip("/")
        if len(text) <= LONGEST:
            parts = (*(() if anchored else (Part("folders"),)), *_parts(text))
            found.append(_Pattern(parts, negated, folders_only))
    return found


def _parts(glob: str) -> tuple[Part, ...]:
    out: list[Part] = []
    at = 0
    while at < len(glob):
        rest = glob[at:]
        if rest.startswith("**/"):
            out.append(Part("folders"))
            at += 3
        elif rest == "**":
            out.append(Part("path"))
            at += 2
        elif rest[0] == "*":
            out.append(Part("name"))
            at += len(rest) - len(rest.lstrip("*"))
        elif rest[0] == "?":
            out.append(Part("any"))
            at += 1
        elif rest[0] == "[" and (end := rest.find("]", 2)) > 0:
            inner = rest[1:end].replace("\\", "\\\\").replace("[", "\\[")
            out.append(one_of(f"[^{inner[1:]}]" if inner[0] in "!^" else f"[{inner}]"))
            at += end + 1
        else:
            at += 1 if rest[0] != "\\" or len(rest) == 1 else 2
            out.append(Part("char", glob[at - 1]))
    return tuple(out)
