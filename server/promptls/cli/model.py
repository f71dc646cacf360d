"""`promptls model`: the small model that runs on this machine, for a first run without an account."""

from __future__ import annotations

import sys

import click

from promptls.cli.terminal import Printer, use_utf8
from promptls.providers import embedded


@click.group("model", invoke_without_command=True)
@click.pass_context
def command(ctx: click.Context) -> None:
    """Install, show or remove the small model that runs on this machine.

    \b
    promptls model install             then: promptls run chat.prompty --model embedded/smollm2
    """
    if ctx.invoked_subcommand is None:
        _show()


@command.command("install")
@click.option("--yes", is_flag=True, help="Do not ask.")
def install(yes: bool) -> int:
    """Download the model and its server into a folder of their own, after asking."""
    use_utf8()
    printer = Printer()
    if embedded.installed() is not None:
        printer.line(f"{embedded.TITLE} is installed in {embedded.folder()}.")
        return 0
    printer.line(f"{embedded.TITLE}: {embedded.DOWNLOAD}.")
    printer.line(embedded.WARNING)
    printer.line(f"It goes to {embedded.folder()}, and `promptls model remove` takes it away.")
    if not yes:
        if not sys.stdin.isatty():
            click.echo("Nothing was installed: there is nobody to ask. Say yes with --yes.", err=True)
            return 3
        if not click.confirm("Install it?"):
            return 3
    try:
        embedded.install(printer.line)
    except embedded.EmbeddedError as error:
        click.echo(f"Error: {error}", err=True)
        return 2
    printer.line(f"Done. A target is called `embedded/{embedded.MODEL}`:")
    printer.line(f"  promptls run FILE --model embedded/{embedded.MODEL}")
    return 0


@command.command("remove")
def remove() -> int:
    """Take away what `install` has put there."""
    place = embedded.folder()
    click.echo(f"Removed {place}." if embedded.remove() else f"There is no model in {place}.")
    return 0


@command.command("show")
def show() -> int:
    """Say whether it is installed, and where."""
    return _show()


def _show() -> int:
    found = embedded.installed()
    if found is None:
        click.echo(f"No model is installed. `promptls model install` would take {embedded.DOWNLOAD}.")
    else:
        click.echo(f"embedded/{embedded.MODEL}  {embedded.TITLE}  {found.weights}")
    return 0
