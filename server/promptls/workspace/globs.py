"""File patterns as `promptls.yaml` has them: `*`, `?`, `[ab]`, `{a,b}` inside a name, `**` across folders."""

from __future__ import annotations

import re
from functools import lru_cache


def matches(pattern: str, path: str) -> bool:
    """Whether `path` (with `/`, relative to the root) fits; a pattern without `/` fits a file of that name anywhere."""
    return _compiled(pattern).fullmatch(path) is not None


@lru_cache(maxsize=512)
def _compiled(pattern: str) -> re.Pattern[str]:
    pattern = pattern.removeprefix("./").lstrip("/")
    if "/" not in pattern:
        pattern = "**/" + pattern
    try:
        return re.compile(_translate(pattern))
    except re.error:
        return re.compile(re.escape(pattern))


def _translate(pattern: str) -> str:
    out: list[str] = []
    depth = 0
    at = 0
    while at < len(pattern):
        char = pattern[at]
        if pattern.startswith("**/", at):
            out.append("(?:[^/]+/)*")
            at += 3
            continue
        if pattern.startswith("**", at):
            out.append(".*")
            at += 2
            continue
        if char == "[" and (close := pattern.find("]", at + 2)) > 0:
            inside = pattern[at + 1 : close]
            negated = inside[0] in "!^"
            out.append(f"[{'^' if negated else ''}{re.escape(inside[negated:]).replace(chr(92) + '-', '-')}]")
            at = close + 1
            continue
        if char == "{" and "}" in pattern[at:]:
            depth += 1
            out.append("(?:")
        elif char == "}" and depth:
            depth -= 1
            out.append(")")
        elif char == "," and depth:
            out.append("|")
        else:
            out.append({"*": "[^/]*", "?": "[^/]"}.get(char) or re.escape(char))
        at += 1
    return "".join(out) + ")" * depth
