"""A finding with the line of the file that it is about, and a mark under the very place."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from promptls.cli.terminal import Piece, Printer, expand, one_line
from promptls.rules.finding import Finding, Severity
from promptls.text import Span, Text

if TYPE_CHECKING:
    from promptls.prompt.model import Document
    from promptls.syntax.problem import Problem

WIDTH = 110
"""Columns of source that a frame shows; of a longer line the part around the mark."""

STYLES = {
    Severity.ERROR: "bold red",
    Severity.WARNING: "bold yellow",
    Severity.INFORMATION: "bold cyan",
    Severity.HINT: "bold blue",
}

Line = list[Piece | str]


def frame(path: str, text: Text, finding: Finding) -> Iterator[Line]:
    """The lines of one finding: where, what, the source with its mark, what can be done."""
    severity = finding.severity or Severity.WARNING
    style = STYLES[severity]
    line, column = text.place(finding.location.span.start)
    yield [
        Piece(f"{one_line(path)}:{line + 1}:{column + 1}", "bold"),
        ": ",
        Piece(severity.label, style),
        Piece(f"[{finding.code}]", style),
        ": ",
        one_line(finding.message),
    ]
    if len(text):
        yield from source(text, finding.location.span, style)
    fix = next((fix for fix in finding.fixes if fix.preferred), None) or next(iter(finding.fixes), None)
    if fix:
        yield [Piece(f"{' ' * len(str(line + 1))} = ", "blue"), Piece("fix: ", "bold"), one_line(fix.title)]
    yield []


def complain(path: str, document: Document, problems: Iterable[Problem]) -> None:
    """Why a prompt makes no messages, on standard error."""
    printer = Printer(sys.stderr)
    for problem in problems:
        finding = Finding(document.location(problem.span), problem.message, severity=Severity.ERROR, code=problem.code)
        printer.lines(frame(path, document.text, finding))


def source(text: Text, span: Span, style: str) -> Iterator[Line]:
    """The first line of a span, numbered, and the mark under it; of a longer span also where it ends."""
    line, start = text.place(span.start)
    last, end = text.place(span.end)
    content = text.line_text(line)
    if last > line:
        end = len(content)
    number = str(line + 1)
    gutter = " " * len(number)
    shown, lead, length = _window(content, start, max(end, start))
    yield [Piece(f"{gutter} |", "blue")]
    yield [Piece(f"{number} |", "blue"), f" {shown}" if shown else ""]
    yield [Piece(f"{gutter} |", "blue"), " " + " " * lead, Piece("^" * max(length, 1), style)]
    if last > line:
        yield [Piece(f"{gutter} |", "blue"), f" … to line {last + 1}"]


def _window(content: str, start: int, end: int) -> tuple[str, int, int]:
    """The part of a line that is shown, the columns before the mark, and the mark's columns."""
    left = max(0, start - WIDTH // 3) if len(content) > WIDTH else 0
    right = left + WIDTH
    cut = content[left:right].rstrip()
    shown, columns = expand(cut)
    first = columns[min(start - left, len(cut))]
    behind = columns[min(end - left, len(cut))]
    if start - left > len(cut):  # in the white space at the end of the line
        first = behind = first + start - left - len(cut)
    before, after = "…" if left else "", "…" if right < len(content) else ""
    return before + shown + after, len(before) + first, behind - first
