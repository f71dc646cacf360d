"""File patterns as `promptls.yaml` has them: `*`, `?`, `[ab]`, `{a,b}` inside a name, `**` across folders."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice

from promptls.workspace.wildcards import LONGEST, Part, fits, one_of

_GROUP = re.compile(r"\{([^{}]*)\}")


@lru_cache(maxsize=4096)
def matches(pattern: str, path: str) -> bool:
    """Whether `path` (with `/`, relative to the root) fits; a pattern without `/` fits a file of that name anywhere."""
    return any(fits(parts, path) for parts in _compiled(pattern))


@lru_cache(maxsize=512)
def _compiled(pattern: str) -> tuple[tuple[Part, ...], ...]:
    """One for each combination of its alternatives."""
    pattern = pattern.removeprefix("./").lstrip("/")
    if "/" not in pattern:
        pattern = "**/" + pattern
    if len(pattern) > LONGEST:
        return ()
    return tuple(_parts(one) for one in islice(_alternatives(pattern), LONGEST // len(pattern) + 1))


def _alternatives(pattern: str) -> Iterator[str]:
    """The pattern with each choice that its first group leaves, and so on."""
    group = _GROUP.search(pattern)
    if group is None:
        yield pattern
        return
    for choice in group[1].split(","):
        yield from _alternatives(pattern[: group.start()] + choice + pattern[group.end() :])


def _parts(pattern: str) -> tuple[Part, ...]:
    out: list[Part] = []
    at = 0
    while at < len(pattern):
        char = pattern[at]
        if pattern.startswith("**/", at):
            out.append(Part("folders"))
            at += 3
        elif pattern.startswith("**", at):
            out.append(Part("path"))
            at += 2
        elif char == "[" and (close := pattern.find("]", at + 2)) > 0:
            inside = pattern[at + 1 : close]
            negated = inside[0] in "!^"
            written = re.escape(inside[negated:]).replace(chr(92) + "-", "-")
            out.append(one_of(f"[{'^' if negated else ''}{written}]"))
            at = close + 1
        else:
            out.append({"*": Part("name"), "?": Part("any")}.get(char) or Part("char", char))
            at += 1
    return tuple(out)
