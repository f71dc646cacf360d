"""Comments in a file that silence rules: ``promptls: ignore[code]`` and ``promptls: ignore-file[code]``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from promptls.prompt.model import Document

_COMMENT = re.compile(r"(\{#[-+]?|\{\{[~]?!(?:--)?|<!--|#)[ \t]*promptls:[ \t]*(ignore|ignore-file)\[([^\]\n]*)\]")


@dataclass(frozen=True, slots=True)
class Suppressions:
    """``lines``: the codes that are silent on a line (from 0); ``file``: those silent everywhere."""

    file: frozenset[str] = frozenset()
    lines: Mapping[int, frozenset[str]] = field(default_factory=dict)

    def silence(self, code: str, line: int) -> bool:
        return code in self.file or code in self.lines.get(line, ())


def suppressions(document: Document) -> Suppressions:
    """What the comments of a file silence: their own line and the next, or the whole file.

    ``#`` starts a comment in YAML only; in a template it is text or a heading.
    """
    text = document.text
    if "promptls:" not in text.value:
        return Suppressions()
    yaml = document.header or (document.yaml.span if document.yaml else None)
    file: set[str] = set()
    lines: dict[int, frozenset[str]] = {}
    for comment in _COMMENT.finditer(text.value):
        if comment[1] == "#" and not (yaml and yaml.holds(comment.start())):
            continue
        codes = frozenset(code.strip() for code in comment[3].split(","))
        if comment[2] == "ignore-file":
            file |= codes
            continue
        line = text.line_at(comment.end())
        for each in (line, line + 1):
            lines[each] = lines.get(each, frozenset()) | codes
    return Suppressions(frozenset(file), lines)
