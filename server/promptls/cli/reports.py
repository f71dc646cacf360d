"""What `check` prints: source frames for people, JSON for programs, annotations for GitHub."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from promptls.actions.check import Checked, shown_path
from promptls.cli.frames import STYLES, Line, frame
from promptls.cli.terminal import Piece
from promptls.rules.finding import Finding, Severity
from promptls.text import Text
from promptls.text.uris import uri_to_path


class Shown(NamedTuple):
    """A finding with the path to show, and the text that its places count in. Lines and columns from 1."""

    path: str
    text: Text
    finding: Finding

    @property
    def severity(self) -> Severity:
        return self.finding.severity or Severity.WARNING

    @property
    def start(self) -> tuple[int, int]:
        line, column = self.text.place(self.finding.location.span.start)
        return line + 1, column + 1

    @property
    def end(self) -> tuple[int, int]:
        line, column = self.text.place(self.finding.location.span.end)
        return line + 1, column + 1


def shown(checked: Checked) -> list[Shown]:
    """The findings of one file; one that is about another file (a sample beside it) carries that one's path."""
    own = next(iter(checked.texts))
    return [
        Shown(
            checked.path if finding.location.uri == own else shown_path(uri_to_path(finding.location.uri) or ""),
            checked.texts[finding.location.uri],
            finding,
        )
        for finding in checked.findings
    ]


def ordered(found: Iterable[Shown]) -> list[Shown]:
    """By path and place, each once (two prompts may share a sample file)."""
    unique = {(one.path, one.start, one.end, one.finding.code, one.finding.message): one for one in found}
    return [unique[key] for key in sorted(unique)]


def as_frames(found: Iterable[Shown]) -> Iterator[Line]:
    for one in found:
        yield from frame(one.path, one.text, one.finding)


def as_json(found: Iterable[Shown]) -> str:
    """One list. Columns are code points, ends are exclusive; the keys and their order are a promise."""
    listed: list[dict[str, Any]] = [
        {
            "path": one.path,
            "code": one.finding.code,
            "severity": one.severity.label,
            "message": one.finding.message,
            "start": dict(zip(("line", "column"), one.start, strict=True)),
            "end": dict(zip(("line", "column"), one.end, strict=True)),
        }
        for one in found
    ]
    return json.dumps(listed, indent=2, ensure_ascii=False)


def as_github(found: Iterable[Shown]) -> Iterator[str]:
    """Workflow commands: GitHub shows each beside its line in a pull request."""
    levels = {Severity.ERROR: "error", Severity.WARNING: "warning"}
    for one in found:
        (line, column), (end_line, end_column) = one.start, one.end
        place = f"file={_property(one.path)},line={line},endLine={end_line}"
        if end_line == line:
            # GitHub's last column is inside of the mark.
            place += f",col={column},endColumn={max(end_column - 1, column)}"
        message = one.finding.message.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
        yield f"::{levels.get(one.severity, 'notice')} {place},title={_property(one.finding.code)}::{message}"


def summary(files: int, found: Iterable[Shown], fixed: int = 0) -> Line:
    """``Checked 3 files: 1 error, 2 warnings``."""
    counts = Counter(one.severity for one in found)
    checked = f"Checked {_count(files, 'file')}"
    if fixed:
        checked += f" and made {_count(fixed, 'change')}"
    if not counts:
        return [f"{checked}: ", Piece("nothing to report", "bold green")]
    words = {Severity.INFORMATION: "note"}
    line: Line = [f"{checked}: "]
    for number, severity in enumerate(sorted(counts)):
        text = _count(counts[severity], words.get(severity, severity.label))
        line += [", " if number else "", Piece(text, STYLES[severity])]
    return line


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _property(text: str) -> str:
    escapes = {"%": "%25", "\r": "%0D", "\n": "%0A", ":": "%3A", ",": "%2C"}
    return "".join(escapes.get(character, character) for character in text)
