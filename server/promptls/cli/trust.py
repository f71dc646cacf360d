"""`promptls trust`: what may be sent where, agreed to before a run asks."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from promptls.cli.terminal import Piece, Printer, one_line, use_utf8

if TYPE_CHECKING:
    from promptls.runs.database import Database

REFUSED = 3


@click.command("trust")
@click.argument("folder", required=False, type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--revoke", metavar="NAME", help="Take back what was agreed to for a provider or a host.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def command(folder: Path | None, revoke: str | None, yes: bool) -> int:
    """Agree to the providers that a FOLDER's promptls.yaml writes, as they are now.

    Each is shown with its address and the place of the key that would go there. When one of the three changes, it
    is asked for again. Without a FOLDER: what was agreed to so far.

    \b
    promptls trust .
    promptls trust --revoke api.openai.com
    """
    from promptls.actions.error import ActionError
    from promptls.runs.database import Database, DatabaseError

    use_utf8()
    try:
        with Database() as database:
            if revoke is not None:
                return _revoke(database, revoke)
            return _list(database) if folder is None else _trust(database, folder, yes=yes)
    except DatabaseError as error:
        raise ActionError(str(error)) from None


def _trust(database: Database, folder: Path, *, yes: bool) -> int:
    from promptls.actions.providers import Desk, own_consents
    from promptls.runs.consent import grant, is_granted

    desk = Desk(folder)
    if desk.config.uri is None:
        click.echo(f"There is no promptls.yaml in {folder} or above it: there is nothing to agree to.")
        return 0
    asked = [(consent, question) for consent, question in own_consents(desk) if not is_granted(database, consent)]
    if not asked:
        click.echo("Nothing is left to agree to: its providers need no consent, or have it.")
        return 0
    if not yes and not sys.stdin.isatty():
        for _, question in asked:
            click.echo(one_line(question.text), err=True)
        click.echo("There is no terminal to ask on; say yes to all of this with --yes.", err=True)
        return REFUSED
    refused = False
    for consent, question in asked:
        if yes or click.confirm(one_line(question.text), err=True):
            grant(database, consent)
            click.echo(f"Agreed: {one_line(consent.provider)} at {one_line(consent.host)}.")
        else:
            refused = True
    return REFUSED if refused else 0


def _list(database: Database) -> int:
    from promptls.runs.consent import granted

    found = granted(database)
    if not found:
        click.echo("Nothing was agreed to yet: a run asks before it sends something to a place for the first time.")
    printer = Printer()
    for consent, when in found:
        day = datetime.fromtimestamp(when, UTC).strftime("%Y-%m-%d")
        key = f" with {one_line(consent.key_source)}" if consent.key_source else ""
        printer.line(Piece(one_line(consent.provider), "bold"), f" at {one_line(consent.host)}{key}, since {day}")
    return 0


def _revoke(database: Database, name: str) -> int:
    from promptls.runs.consent import revoke

    gone = revoke(database, name)
    for consent in gone:
        click.echo(f"Taken back: {one_line(consent.provider)} at {one_line(consent.host)}. The next run asks again.")
    if not gone:
        click.echo(f"Nothing was agreed to for `{one_line(name)}`.", err=True)
    return 0 if gone else 1
