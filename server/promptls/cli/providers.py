"""`promptls providers`: who can be called from here, where each key comes from, and who answers."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

import click

from promptls.cli.terminal import Piece, Printer, one_line, say, use_utf8

if TYPE_CHECKING:
    from promptls.actions.providers import Checked, Provider
    from promptls.runs.database import Database
    from promptls.runs.plan import Question

FAILED = 4
_SHOWN = 8
"""Models of a provider that are shown without --models."""


@click.command("providers")
@click.argument("names", nargs=-1)
@click.option("--no-check", is_flag=True, help="Call nobody: only what is configured, and where the keys are.")
@click.option("--models", "all_models", is_flag=True, help="Show all models that each lists.")
@click.option("--local", is_flag=True, help="Look for servers on this machine as well, at their usual ports.")
@click.option("--json", "as_json", is_flag=True, help="As JSON, for other programs.")
@click.option("--quirks", is_flag=True, help="Explain the names that `quirks` of a provider may have.")
def command(names: tuple[str, ...], no_check: bool, all_models: bool, local: bool, as_json: bool, quirks: bool) -> int:
    """Show the providers: configured ones, and those that there is a key for. Keys themselves are never shown.

    Each that you have agreed to is asked for its models. On a terminal you are asked about the others.

    \b
    promptls providers
    promptls providers openai --models
    promptls providers --local

    \b
    Exit code: 0   all that were asked answer
               2   a wrong call
               4   one of them does not answer
    """
    from promptls.actions.providers import Checked, Desk, check_providers

    use_utf8()
    if quirks:
        return _quirks()
    desk = Desk()
    found = [desk.provider(name) for name in names] or list(desk.providers(local=local))
    if no_check:
        checked = [Checked(one, "not asked", one.problem or one.about or _no_key(one)) for one in found]
    else:
        database = _database()
        try:
            checked = check_providers(desk, found, database, lambda question: _ask(question, database))
        finally:
            if database is not None:
                database.close()
    if local and not names:
        # Nobody is told of a server that nobody has started.
        checked = [one for one in checked if one.provider.configured or _is_there(one)]
    if as_json:
        say(json.dumps([_data(one) for one in checked], indent=2, ensure_ascii=False))
    else:
        _show(checked, all_models=all_models)
    return FAILED if any(one.status == "fails" for one in checked) else 0


def _show(checked: list[Checked], *, all_models: bool) -> None:
    from promptls.cli.ages import ago

    printer = Printer()
    if not checked:
        printer.line("No provider is configured and no key is set. `echo` works without: it shows what would be sent.")
        printer.line("Set a key (OPENAI_API_KEY, ANTHROPIC_API_KEY …), or name a provider in promptls.yaml.")
    for one in checked:
        provider = one.provider
        # What promptls starts itself gets its port then.
        address = provider.endpoint.base_url if provider.endpoint and not provider.endpoint.starts else ""
        title = f"  {provider.title}" if provider.title and provider.title.lower() != provider.name else ""
        printer.line(Piece(one_line(provider.name), "bold"), one_line(f"{title}  {address}".rstrip()))
        if provider.key_source:
            age = f", {ago(provider.age)}" if provider.age is not None else ""
            printer.line("  key      ", one_line(provider.key_source + age))
        style = {"answers": "green", "fails": "bold red"}.get(one.status, "yellow")
        told = f"{one.status} in {one.seconds:.1f} s" if one.status == "answers" else one.status
        message = f": {one_line(one.message)}" if one.message else ""
        printer.line("  status   ", Piece(told, style), message)
        shown = one.models if all_models else one.models[:_SHOWN]
        if shown:
            more = len(one.models) - len(shown)
            tail = f" and {more} more (--models)" if more else ""
            if all_models:
                for model in shown:
                    window = f"  {model.window:,} tokens" if model.window else ""
                    printer.line("  model    ", one_line(f"{provider.name}/{model.id}{window}"))
            else:
                printer.line("  models   ", one_line(", ".join(model.id for model in shown)), tail)


def _data(one: Checked) -> dict[str, Any]:
    provider = one.provider
    endpoint = provider.endpoint
    return {
        "name": provider.name,
        "configured": provider.configured,
        "service": endpoint.service if endpoint else "",
        "address": endpoint.base_url if endpoint else "",
        "written_by": endpoint.origin if endpoint else "",
        "key": {"source": provider.key_source, "age_seconds": provider.age} if provider.key_source else None,
        "status": one.status,
        "message": one.message,
        "models": [{"id": model.id, "title": model.title, "window": model.window} for model in one.models],
    }


def _ask(question: Question, database: Database | None) -> bool:
    from promptls.runs.consent import grant

    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return False
    said = question.text.replace("Send prompts to", "Ask for the models of", 1)
    if not click.confirm(f"{one_line(said)} (prompts may then go there as well)", err=True):
        return False
    if database is not None:
        grant(database, question)
    return True


def _database() -> Database | None:
    from promptls.runs.database import Database, DatabaseError

    try:
        return Database()
    except DatabaseError:
        return None


def _no_key(provider: Provider) -> str:
    return f"no key: {provider.hint}" if provider.hint else ""


def _is_there(one: Checked) -> bool:
    from promptls.providers.services import services

    endpoint = one.provider.endpoint
    return one.status == "answers" or endpoint is None or endpoint.starts or not services()[endpoint.service].local


def _quirks() -> int:
    from promptls.schema.files import table

    printer = Printer()
    known = table("services")["quirks"]
    width = max(map(len, known))
    for name, about in known.items():
        printer.line(Piece(f"{name:<{width}}", "bold"), f"  {about}")
    return 0
