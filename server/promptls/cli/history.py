"""`promptls history`: the runs of this machine."""

from __future__ import annotations

import json
import os
from pathlib import Path

import click

from promptls.cli.terminal import Piece, Printer, folded, one_line, say, use_utf8

STATUS = {"finished": "green", "failed": "red", "cancelled": "yellow", "interrupted": "yellow"}


@click.command("history")
@click.argument("runs", nargs=-1)
@click.option("--file", "file", type=click.Path(path_type=Path), metavar="FILE", help="Only runs of this prompt file.")
@click.option("--model", "target", default="", metavar="TARGET", help="Only runs of this provider or provider/model.")
@click.option("-n", "limit", type=click.IntRange(1, 10_000), default=20, help="How many (default: 20).")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "markdown"]),
    default="text",
    help="text: for people. json: all that is kept. markdown: for a document.",
)
def command(runs: tuple[str, ...], file: Path | None, target: str, limit: int, form: str) -> int:
    """List the runs of this machine, newest first; show one; compare two.

    A run is named by its id or the beginning of it; `last` is the newest.

    \b
    promptls history                          the newest 20
    promptls history last                     the result of the last run
    promptls history 20261121-1 20261121-2    what differs between two
    promptls history --file chat.prompty --format json

    Exit code: 0, 1 when there is no such run, 2 for a wrong call.
    """
    from promptls.actions.error import ActionError
    from promptls.actions.history import difference, history_markdown, one_run, when
    from promptls.runs.database import Database, DatabaseError
    from promptls.runs.document import result_text
    from promptls.runs.history import History, as_data
    from promptls.text.uris import path_to_uri

    use_utf8()
    if len(runs) > 2:
        raise ActionError("name one run to show it, or two to compare them", usage=True)
    uri = path_to_uri(os.path.abspath(file)) if file else ""
    try:
        with Database() as database:
            history = History(database)
            if runs:
                named = [one_run(history, name) for name in runs]
                if form == "json":
                    shown = [as_data(run) for run in named]
                    say(json.dumps(shown[0] if len(shown) == 1 else shown, indent=2, ensure_ascii=False))
                else:
                    say(difference(*named) if len(named) == 2 else result_text(named[0]), nl=False)
                return 0
            if form == "markdown":
                say(history_markdown(database, uri=uri, limit=limit), nl=False)
                return 0
            found = history.runs(limit, uri=uri, target=target)
    except DatabaseError as error:
        raise ActionError(str(error)) from None
    if form == "json":
        say(json.dumps([as_data(run) for run in found], indent=2, ensure_ascii=False))
        return 0
    from promptls.runs.summary import summary

    printer = Printer()
    for run in found:
        failure = f" ({run.failure})" if run.failure not in ("", run.status) else ""
        ended = Piece(one_line(run.status + failure), STATUS.get(run.status, ""))
        printer.line(Piece(run.id, "bold"), f"  {when(run.started)}  ", ended)
        for line in folded(f"{run.prompt}: {summary(run)}", "  "):
            printer.line(line)
    if not found:
        printer.line("There is no run yet: `promptls run FILE` makes one, with echo if there is no model.")
    return 0
