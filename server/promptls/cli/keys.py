"""`promptls keys`: keys in the system's keyring."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from promptls.cli.terminal import Piece, Printer, one_line, use_utf8

if TYPE_CHECKING:
    from promptls.actions.providers import Desk, Provider

REFUSED, FAILED = 3, 4


@click.group("keys")
def command() -> None:
    """Keep keys in the system's keyring, each for one provider at one address.

    A key is typed (nothing is shown) or comes from standard input, never from the command line, where other
    programs can read it. Keys in the environment come first; `promptls providers` says which one counts.

    \b
    promptls keys set openai
    vault kv get -field=key secret/openai | promptls keys set openai
    promptls keys rotate openai
    """


@command.command("set")
@click.argument("provider")
@click.option("--yes", is_flag=True, help="Do not ask whether the address is right.")
def set_key(provider: str, yes: bool) -> int:
    """Store the key of a provider."""
    from promptls.actions.providers import Desk
    from promptls.actions.stored_keys import host_for, store_key
    from promptls.providers.keyring_store import Keyring

    use_utf8()
    desk = Desk()
    found = desk.provider(provider)
    host = host_for(found)
    if not _agreed(desk, found, host, yes=yes):
        return REFUSED
    store_key(Keyring(), found, _typed(f"Key of {found.name} at {host}"))
    click.echo(f"Stored in the system's keyring, for {found.name} at {host} alone.")
    _warn(found)
    return 0


@command.command("list")
def list_keys() -> int:
    """List the keys that are stored: provider, address, age."""
    from promptls.actions.stored_keys import stored_keys
    from promptls.cli.ages import ago
    from promptls.providers.keyring_store import Keyring

    use_utf8()
    found = stored_keys(Keyring())
    if not found:
        click.echo("No key is stored. `promptls keys set PROVIDER` stores one.")
        return 0
    printer = Printer()
    width = max(len(one.provider) for one in found)
    for one in found:
        printer.line(Piece(f"{one_line(one.provider):<{width}}", "bold"), f"  {one_line(one.host)}  ", ago(one.age))
    return 0


@command.command("rotate")
@click.argument("provider")
@click.option("--yes", is_flag=True, help="Do not ask whether the address is right.")
def rotate(provider: str, yes: bool) -> int:
    """Replace the key of a provider, once the new one answers; until then the old one stays.

    The new key is tried by the call that lists the provider's models, which costs nothing.
    """
    from promptls.actions.providers import Desk
    from promptls.actions.stored_keys import host_for, rotate_key
    from promptls.providers.keyring_store import Keyring

    use_utf8()
    desk = Desk()
    found = desk.provider(provider)
    host = host_for(found)
    if not _agreed(desk, found, host, yes=yes):
        return REFUSED
    failure = rotate_key(desk, Keyring(), found, _typed(f"New key of {found.name} at {host}"))
    if failure is not None:
        click.echo(f"The new key was not stored, the old one stays: {one_line(failure.message)}", err=True)
        return FAILED
    click.echo(f"{host} took the new key; the old one is gone from the keyring. Revoke it at the provider as well.")
    _warn(found)
    return 0


@command.command("delete")
@click.argument("provider")
@click.option("--host", default="", metavar="HOST", help="Only the key for this address, as `keys list` shows it.")
def delete(provider: str, host: str) -> int:
    """Take the key of a provider out of the keyring."""
    from promptls.actions.stored_keys import delete_key
    from promptls.providers.keyring_store import Keyring

    use_utf8()
    gone = delete_key(Keyring(), provider, host)
    for one in gone:
        click.echo(f"Deleted the key of {one_line(one.provider)} at {one_line(one.host)}.")
    if not gone:
        click.echo(f"No key of `{one_line(provider)}` is stored.", err=True)
    return 0 if gone else 1


def _typed(prompt: str) -> str:
    if sys.stdin.isatty():
        return str(click.prompt(prompt, hide_input=True, err=True))
    return sys.stdin.readline(100_000)


def _agreed(desk: Desk, provider: Provider, host: str, *, yes: bool) -> bool:
    """An address that a project writes is confirmed before a key is bound to it."""
    endpoint = provider.endpoint
    if yes or endpoint is None or endpoint.origin not in ("workspace", "file"):
        return True
    where = desk.config.uri or "promptls.yaml"
    said = f"The address {host} of `{provider.name}` is written in {one_line(where)}."
    if not sys.stdin.isatty():
        click.echo(f"{said} Say with --yes that it is right; nothing was stored.", err=True)
        return False
    return click.confirm(f"{said} Is it right?", err=True)


def _warn(provider: Provider) -> None:
    if provider.key_source.startswith("environment "):
        name = provider.key_source.removeprefix("environment ")
        click.echo(f"{name} is set in the environment and goes first.", err=True)
