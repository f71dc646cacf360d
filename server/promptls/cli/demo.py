"""`promptls demo`: a short scripted session with the real server on an example workspace, then a real editor."""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

import click

from promptls.cli.demo_editor import Editor
from promptls.cli.frames import frame
from promptls.cli.terminal import Piece, Printer, console, use_utf8
from promptls.rules.finding import Finding
from promptls.text import Span

EXAMPLE = "reply.prompty"
WIDTH = 100


@click.command("demo")
def command() -> int:
    """Show a short session on an example workspace: what an editor with promptls shows, and the commands.

    On a terminal it then offers Neovim on a writable copy of the example. Piped, it prints the session alone.
    """
    use_utf8()
    with tempfile.TemporaryDirectory(prefix="promptls-demo-") as made:
        folder = Path(made, "coffee")
        shutil.copytree(Path(__file__).with_name("demo_workspace"), folder)
        printer = Printer()
        _session(printer, folder)
        _next(printer)
        if sys.stdin.isatty() and sys.stdout.isatty():
            shutil.copytree(Path(__file__).with_name("demo_workspace"), folder, dirs_exist_ok=True)
            return _choose(printer, folder)
    return 0


def _session(printer: Printer, folder: Path) -> None:
    with Editor(folder, EXAMPLE) as editor:
        found = editor.findings()
        _title(printer, f"An editor opens {EXAMPLE}; the server finds what a run would get silently wrong")
        for finding in found:
            lines = list(frame(EXAMPLE, editor.text, finding))
            printer.lines(lines[:-1])

        word = editor.text.value.index("orders -%}")
        _title(printer, "The mouse rests on `orders` in the loop")
        _card(printer, editor.hover(word))

        dot = editor.text.value.index("order.titel") + len("order.")
        editor.type([(Span(dot, dot + len("titel")), "")])
        editor.findings()
        _title(printer, "Someone types `order.`; the types come from the values in the header")
        for item in editor.complete(dot)[:4]:
            printer.line(
                Piece("| ", "blue"), Piece(f"{item['label']:<12}", "bold"), Piece(item.get("detail", ""), "dim")
            )
        editor.type([(Span(dot, dot), "titel")])

        _title(printer, "Each finding has its fix; all of them applied")
        for _ in found:
            left = editor.findings()
            if left:
                _fix(printer, editor, left[0])
        (folder / EXAMPLE).write_text(editor.text.value, "utf-8")
    _messages(printer, folder / EXAMPLE)


def _card(printer: Printer, markdown: str) -> None:
    """A hover card as an editor draws it: formatted, in a frame."""
    from rich.markdown import Markdown
    from rich.panel import Panel

    console(printer.stream).print(Panel(Markdown(markdown), border_style="blue", width=WIDTH), soft_wrap=False)


def _fix(printer: Printer, editor: Editor, finding: Finding) -> None:
    """Apply the fix of one finding, and show the line before and after."""
    place = editor.text.place(finding.location.span.start)[0]
    before = editor.text.line_text(place)
    _, edits = editor.preferred_fix(finding)
    editor.type(edits)
    printer.line(Piece("- " + before, "red"))
    printer.line(Piece("+ " + editor.text.line_text(place), "green"))


def _messages(printer: Printer, path: Path) -> None:
    from promptls.actions.render import render_file
    from promptls.cli.render import ROLES

    _title(printer, f"promptls render {EXAMPLE}: the messages that the file really sends, with its own sample values")
    for message in render_file(path).rendering.messages:
        printer.line(Piece("| ", "blue"), Piece(message.role, ROLES.get(message.role, "bold")))
        for line in message.text.strip().splitlines():
            printer.line(Piece("| ", "blue"), line)


def _next(printer: Printer) -> None:
    _title(printer, "Try next")
    for line, why in (
        ("promptls check", "every prompt file below this folder, as in CI"),
        ("promptls render FILE --set name=value", "the messages that a file sends"),
        ("promptls explain undefined-attribute", "what a rule finds, and why"),
        ("promptls doctor", "which editor set-up and versions are in use"),
    ):
        printer.line("  ", Piece(f"{line:<40}", "bold"), Piece(why, "dim"))


def _choose(printer: Printer, folder: Path) -> int:
    from promptls.cli.demo_neovim import open_neovim

    while True:
        printer.line()
        printer.line(Piece("[n]", "bold"), " Neovim on a copy of the example   ", Piece("[q]", "bold"), " quit")
        try:
            answer = input("> ").strip().lower()
        except EOFError:
            return 0
        if answer in ("q", "quit", "exit"):
            return 0
        if answer in ("n", "nvim", "neovim"):
            open_neovim(printer, folder, EXAMPLE)


def _title(printer: Printer, text: str) -> None:
    printer.line()
    printer.line(Piece("# " + text, "bold cyan"))
