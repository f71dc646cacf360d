"""`promptls usage`: what the runs of this machine used."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from promptls.cli.terminal import say, use_utf8

if TYPE_CHECKING:
    from promptls.runs.usage import Row

_DAY = 86400.0
_ENDINGS = {".html": "html", ".htm": "html", ".json": "json", ".txt": "text"}


@click.command("usage")
@click.option(
    "--by", type=click.Choice(["day", "provider", "model", "prompt"]), default="day", help="What to add up by."
)
@click.option("--days", type=click.IntRange(1, 36500), default=30, help="How many days back (default: 30).")
@click.option("--json", "form", flag_value="json", help="As data.")
@click.option(
    "--html", "form", flag_value="html", help="As one HTML page with plots, by all of them, that loads nothing."
)
@click.option("-o", "--output", type=click.Path(path_type=Path), metavar="PAGE", help="Write a file; its ending tells.")
def command(by: str, days: int, form: str | None, output: Path | None) -> int:
    """Show tokens, cost, time and errors of the runs of this machine.

    Costs are by the dated table of prices that promptls brings; a model that it does not know has no cost, and is
    counted as "unpriced". Echoes are left out. Nothing of this leaves the machine.

    \b
    promptls usage
    promptls usage --by model --days 7
    promptls usage --html -o usage.html
    """
    from promptls.actions.error import ActionError
    from promptls.cli.pages import form_for, write_page
    from promptls.runs.database import Database, DatabaseError
    from promptls.runs.history import start_of_day
    from promptls.runs.usage import BY, usage

    use_utf8()
    since = start_of_day(time.time() - (days - 1) * _DAY)
    form = form_for(output, form, _ENDINGS, "text")
    try:
        with Database() as database:
            rows = {name: usage(database, name, since=since) for name in (BY if form == "html" else (by,))}
    except DatabaseError as error:
        raise ActionError(str(error)) from None
    match form:
        case "json":
            text = json.dumps([row.as_data() for row in rows[by]], indent=2, ensure_ascii=False) + "\n"
        case "html":
            from promptls.actions.usage_page import usage_page

            text = usage_page(rows, days)
        case _:
            text = _table(by, rows[by])
    if output is None:
        say(text, nl=False)
    else:
        write_page(output, text)
    return 0


def _table(by: str, rows: tuple[Row, ...]) -> str:
    from promptls.cli.terminal import one_line, width
    from promptls.runs.budget import money
    from promptls.runs.usage import total

    if not rows:
        return "No model was called in this time.\n"
    lines = [(by, "runs", "failed", "in", "out", "cost", "unpriced", "median", "95 %", "first")]
    for row in (*rows, total(rows)) if len(rows) > 1 else rows:
        lines.append(
            (
                one_line(row.name), f"{row.runs:,}", f"{row.failed:,}", f"{row.input_tokens:,}",
                f"{row.output_tokens:,}", money(row.cost), f"{row.unpriced or ''}", _seconds(row.latency),
                _seconds(row.latency_95), _seconds(row.first_token),
            )
        )  # fmt: skip
    shown = [at for at in range(len(lines[0])) if any(line[at] for line in lines[1:])]
    widths = {at: max(len(line[at]) for line in lines) for at in shown}
    numbers = ["  ".join(line[at].rjust(widths[at]) for at in shown[1:]).rstrip() for line in lines]
    if widths[0] + 2 + max(map(len, numbers)) <= width():
        return "".join(f"{line[0].ljust(widths[0])}  {rest}\n" for line, rest in zip(lines, numbers, strict=True))
    # A long name has a line of its own.
    return "".join(f"{line[0]}\n  {rest}\n" for line, rest in zip(lines, numbers, strict=True))


def _seconds(value: float | None) -> str:
    return "" if value is None else f"{value:.1f} s"
