"""`promptls render`: the messages that a prompt file sends."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from promptls.cli.terminal import Piece, Printer, say, use_utf8, visible

if TYPE_CHECKING:
    from promptls.prompt.message import Message, Part

ROLES = {"system": "bold magenta", "developer": "bold magenta", "user": "bold green", "assistant": "bold cyan"}
_LONGEST_URL = 80


@click.command("render")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--set", "written", multiple=True, metavar="NAME=VALUE", help="Give one input a value; may be repeated.")
@click.option("--input", "input_file", metavar="FILE|-", help="Values of inputs, as YAML or JSON (-: standard input).")
@click.option("--sample", type=int, metavar="N", help="Which sample's values to start from (default: the first).")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "markdown"]),
    default="text",
    help="text: for people. json: a list of {role, content}. markdown: for a document.",
)
def command(file: Path, written: tuple[str, ...], input_file: str | None, sample: int | None, form: str) -> int:
    """Print the messages that a prompt file sends, and send nothing.

    Values come from the file's sample and defaults, then from --input, then from --set. The template runs in a
    process of its own with limits of time, memory and output.

    \b
    promptls render chat.prompty
    promptls render chat.prompty --set question="Why is the sky blue?" --set count=3
    promptls render chat.prompty --sample 2 --format json
    echo '{"question": "Why?"}' | promptls render chat.prompty --input -

    Exit code: 0 when there are messages, 1 when the file or its values do not make any, 2 for a wrong call.
    """
    from promptls.actions.error import ActionError
    from promptls.actions.render import no_message, render_file

    use_utf8()
    given = read_values(input_file) if input_file else {}
    rendered = render_file(file, given=given, written=written, sample=sample)
    if rendered.rendering.problems:
        from promptls.cli.frames import complain

        complain(rendered.path, rendered.document, rendered.rendering.problems)
        return 1
    messages = rendered.rendering.messages
    if not messages:
        raise ActionError(no_message(rendered.prompt))
    match form:
        case "json":
            say(json.dumps([_as_json(message) for message in messages], indent=2, ensure_ascii=False))
        case "markdown":
            say("\n\n".join(_as_markdown(message) for message in messages))
        case _:
            _print(messages)
    return 0


def read_values(name: str) -> dict[str, Any]:
    """The values of ``--input FILE`` or ``--input -``."""
    from promptls.actions.inputs import values_in

    return values_in(_read(name), "standard input" if name == "-" else name)


def _read(name: str) -> str:
    from promptls.actions.error import ActionError
    from promptls.actions.source import UnreadableError, read_source

    if name != "-":
        try:
            return read_source(Path(name)).value
        except UnreadableError as reason:
            raise ActionError(f"{name}: {reason}", usage=not Path(name).exists()) from None
    try:
        return sys.stdin.buffer.read().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ActionError("standard input is not UTF-8 text") from None


def _print(messages: Iterable[Message]) -> None:
    printer = Printer()
    for number, message in enumerate(messages):
        about = ", ".join(f"{key}={value}" for key, value in message.metadata.items())
        if number:
            printer.line()
        printer.line(Piece(message.role, ROLES.get(message.role, "bold")), Piece(f" [{about}]" if about else "", "dim"))
        for line in "".join(_as_text(part) for part in message.parts).splitlines() or [""]:
            printer.line(visible(line))


def _as_text(part: Part) -> str:
    if part.type == "text":
        return part.value
    if part.type == "section":
        return f"\n[section: {part.value}]\n"
    url = (
        part.value
        if len(part.value) <= _LONGEST_URL
        else f"{part.value[:_LONGEST_URL]}… ({len(part.value):,} characters)"
    )
    return f"\n[{part.type}: {url}]\n"


def _as_markdown(message: Message) -> str:
    parts = [
        part.value
        if part.type == "text"
        else f"*[section: {part.value}]*"
        if part.type == "section"
        else f"![{part.type}]({part.value})"
        if part.type == "image"
        else f"[{part.type}]({part.value})"
        for part in message.parts
    ]
    return f"## {message.role}\n\n" + "\n\n".join(parts)


def _as_json(message: Message) -> dict[str, Any]:
    shown: dict[str, Any] = {"role": message.role, "content": [_part(part) for part in message.parts]}
    if message.metadata:
        shown["metadata"] = dict(message.metadata)
    return shown


def _part(part: Part) -> dict[str, Any]:
    if part.type == "text":
        return {"type": "text", "text": part.value}
    if part.type == "section":
        return {"type": "section", "name": part.value}
    about = {"media_type": part.media_type} if part.media_type else {}
    return {"type": part.type, "url": part.value, **about}
