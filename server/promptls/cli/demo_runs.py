"""The part of the demo that previews a file and runs it with `echo`: nothing is sent."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from promptls.cli.terminal import Piece, Printer, one_line

_WIDTH = 76


def title(printer: Printer, text: str) -> None:
    printer.line()
    printer.line(Piece("# " + text, "bold cyan"))


def preview(printer: Printer, path: Path) -> None:
    """The messages of a file, with their tokens; what a template put in is marked."""
    from promptls.actions.preview.file import preview_file
    from promptls.cli.render import ROLES

    title(printer, f"promptls preview {path.name}: what a model really gets, with the sample values")
    for message in preview_file(path).preview.messages:
        role = Piece(message.role, ROLES.get(message.role, "bold"))
        printer.line(Piece("| ", "blue"), role, Piece(f" · {message.tokens} tokens", "dim"))
        for line in _lines([Piece(one.text, "yellow" if one.kind == "value" else "") for one in message.pieces]):
            printer.line(Piece("| ", "blue"), *line)


def echo(printer: Printer, path: Path) -> None:
    """A real run, with the one model that calls nobody; of its page the request."""
    from promptls.actions.run_files import Files
    from promptls.runs.summary import summary

    title(printer, f"promptls run {path.name} --model echo: who would get which request; no model is called")
    with Files([path]) as files:
        plan = next(files.plan(("echo",))).plan
        if plan is None:
            return
        record = files.run(plan, lambda event: None)
    request = record.answer.partition("```http\n")[2].rpartition("```")[0]
    head, _, body = request.partition("\n\n")
    for at, line in enumerate(head.splitlines()):
        if at == 0 or "$" in line:  # of the headers the one with the key's name
            printer.line(Piece("| ", "blue"), Piece(one_line(line), "bold" if at == 0 else ""))
    for name, value in json.loads(body or "{}").items():
        line = f"{json.dumps(name)}: {json.dumps(value, ensure_ascii=False)}"
        printer.line(Piece("| ", "blue"), one_line(line if len(line) <= _WIDTH else line[: _WIDTH - 1] + "…"))
    printer.line(Piece(one_line(record.message or summary(record)), "dim"))


def _lines(pieces: list[Piece]) -> Iterator[list[Piece]]:
    """Pieces of text, cut at their line ends."""
    line: list[Piece] = []
    for piece in pieces:
        first, *more = piece.text.split("\n")
        line.append(Piece(first, piece.style))
        for text in more:
            yield line
            line = [Piece(text, piece.style)]
    if any(piece.text for piece in line):
        yield line
