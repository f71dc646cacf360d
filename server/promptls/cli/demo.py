"""`promptls demo`: a short scripted session with the real server on an example workspace, then a real editor."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from promptls.cli.demo_editor import Editor
from promptls.cli.demo_runs import echo, preview, title
from promptls.cli.frames import frame
from promptls.cli.terminal import Piece, Printer, console, use_utf8
from promptls.rules.finding import Finding
from promptls.text import Span

EXAMPLE = "reply.prompty"
FOR_THE_MODEL = "review.prompty"
WIDTH = 80


@click.command("demo")
def command() -> int:
    """Show a short session on an example workspace: what an editor with promptls shows, and the commands.

    On a terminal it then offers Neovim on a writable copy of the example, and a small model that runs on this
    machine. Piped, it prints the session alone. Nothing is sent anywhere.
    """
    use_utf8()
    with tempfile.TemporaryDirectory(prefix="promptls-demo-") as made, _places_of_its_own(Path(made)):
        folder = Path(made, "coffee")
        shutil.copytree(Path(__file__).with_name("demo_workspace"), folder)
        printer = Printer()
        _session(printer, folder)
        _next(printer)
        if sys.stdin.isatty() and sys.stdout.isatty():
            shutil.copytree(Path(__file__).with_name("demo_workspace"), folder, dirs_exist_ok=True)
            return _choose(printer, folder)
    return 0


@contextmanager
def _places_of_its_own(made: Path) -> Iterator[None]:
    """The person's history gets no run of the demo, and the person's settings do not change what it shows."""
    own = {"PROMPTLS_STATE": str(made / "state"), "PROMPTLS_USER_CONFIG": str(made / "settings.yaml")}
    before = {name: os.environ.get(name) for name in own}
    os.environ.update(own)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def _session(printer: Printer, folder: Path) -> None:
    with Editor(folder, EXAMPLE) as editor:
        found = editor.findings()
        title(printer, f"An editor opens {EXAMPLE}; the server finds what a run would get silently wrong")
        for finding in found:
            lines = list(frame(EXAMPLE, editor.text, finding))
            # Without the empty line above the source, and without the fix, which comes below.
            printer.lines(line for at, line in enumerate(lines[:-1]) if at != 1)

        word = editor.text.value.index("orders -%}")
        title(printer, "The mouse rests on `orders` in the loop")
        _card(printer, editor.hover(word))

        dot = editor.text.value.index("order.titel") + len("order.")
        editor.type([(Span(dot, dot + len("titel")), "")])
        editor.findings()
        title(printer, "Someone types `order.`; the types come from the values in the header")
        for item in editor.complete(dot)[:4]:
            printer.line(
                Piece("| ", "blue"), Piece(f"{item['label']:<12}", "bold"), Piece(item.get("detail", ""), "dim")
            )
        editor.type([(Span(dot, dot), "titel")])

        title(printer, "Each finding has its fix; all of them applied")
        for _ in found:
            left = editor.findings()
            if left:
                _fix(printer, editor, left[0])
        (folder / EXAMPLE).write_text(editor.text.value, "utf-8")
    preview(printer, folder / EXAMPLE)
    echo(printer, folder / EXAMPLE)


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


def _next(printer: Printer) -> None:
    title(printer, "Try next")
    for line, why in (
        ("promptls check", "every prompt file here, as in CI"),
        ("promptls preview FILE --html -o page.html", "the messages, as a page"),
        ("promptls run FILE --set name=value", "send them to a model, or to echo"),
        ("promptls explain undefined-attribute", "what a rule finds, and why"),
    ):
        printer.line("  ", Piece(f"{line:<43}", "bold"), Piece(why, "dim"))


def _choose(printer: Printer, folder: Path) -> int:
    from promptls.cli.demo_model import open_model
    from promptls.cli.demo_neovim import open_neovim
    from promptls.providers import embedded

    while True:
        asks = "" if embedded.installed() else " (130 MB, asks first)"
        printer.line()
        printer.line(Piece("[n]", "bold"), " Neovim on a copy of the example")
        printer.line(Piece("[m]", "bold"), " a small model of your own: real words, no account", Piece(asks, "dim"))
        printer.line(Piece("[q]", "bold"), " quit")
        try:
            answer = input("> ").strip().lower()
        except (EOFError, KeyboardInterrupt):
            printer.line()
            return 0
        if answer in ("q", "quit", "exit"):
            return 0
        if answer in ("n", "nvim", "neovim"):
            open_neovim(printer, folder, EXAMPLE)
        elif answer in ("m", "model"):
            open_model(printer, folder, FOR_THE_MODEL)
