"""`promptls check`: what is wrong in prompt files, for people, programs and CI."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from promptls.cli.terminal import Piece, Printer, console, one_line, use_utf8

if TYPE_CHECKING:
    from promptls.actions.check import Checked

SEVERITIES = ("error", "warning", "information", "hint")


def _names(ctx: click.Context, option: click.Parameter, values: Sequence[str]) -> tuple[str, ...]:
    return tuple(name.strip() for value in values for name in value.split(",") if name.strip())


@click.command("check")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "github"]),
    default="text",
    help="text: for people. json: one list, for programs. github: annotations in a pull request.",
)
@click.option(
    "--fail-on",
    type=click.Choice(SEVERITIES),
    default="warning",
    show_default=True,
    help="End with exit code 1 when there is a finding this severe, or more.",
)
@click.option("--select", multiple=True, callback=_names, metavar="CODES", help="Report these rules only.")
@click.option("--ignore", multiple=True, callback=_names, metavar="CODES", help="Do not report these rules.")
@click.option("--fix", is_flag=True, help="Make the changes that are certainly right, then report the rest.")
@click.option(
    "--migrate/--no-migrate",
    default=True,
    help="With --fix: whether files of an old version of their format become ones of the current version.",
)
@click.option("-v", "--verbose", is_flag=True, help="Say what each file was taken for, and by what.")
def command(
    paths: tuple[Path, ...],
    form: str,
    fail_on: str,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    fix: bool,
    migrate: bool,
    verbose: bool,
) -> int:
    """Find what is wrong in prompt files.

    PATHS are files and folders (default: this folder). In folders all prompt files are looked at, except in hidden
    folders (but .github), node_modules and virtual environments; a file that you name is always looked at. Nothing is
    run or sent.

    \b
    promptls check
    promptls check prompts/chat.prompty --verbose
    promptls check --format json > findings.json
    promptls check --fail-on error --ignore unused-input
    promptls check --fix

    --fix also migrates Prompty v1 files, and mixtures, to v2 where the messages stay the same, and says what v2 has
    no place for. A file that promptls.yaml or a comment in it calls prompty-v1 stays one.

    Exit code: 0 when nothing is as severe as --fail-on, 1 when something is, 2 for a wrong call or a path that
    does not exist. Rules are configured in promptls.yaml; `promptls explain CODE` says what a rule means.
    """
    from promptls.actions.check import check_paths, codes
    from promptls.cli import reports
    from promptls.rules.finding import Severity

    use_utf8()
    places = paths or (Path(),)
    chosen = codes(select, ignore)
    fixed = _fix(places, migrate) if fix else 0
    found: list[reports.Shown] = []
    files = 0
    printer, notes = Printer(), Printer(sys.stderr)
    with _progress() as progress:
        for checked in check_paths(places, chosen=chosen, environment=os.environ, progress=progress):
            files += checked.looked_into
            found += reports.shown(checked)
            if verbose or not checked.looked_into:
                notes.line(Piece(one_line(checked.path), "bold"), f": {_taken_for(checked)}")
    found = reports.ordered(found)
    match form:
        case "json":
            click.echo(reports.as_json(found))
        case "github":
            for annotation in reports.as_github(found):
                click.echo(annotation)
        case _ if files:
            printer.lines(reports.as_frames(found))
            printer.line(*reports.summary(files, found, fixed))
    if not files:
        where = ", ".join(str(place) for place in places)
        click.echo(f"promptls: no prompt files in {'this folder' if not paths else where}", err=True)
    worst = Severity[fail_on.upper()]
    return 1 if any(one.severity <= worst for one in found) else 0


def _taken_for(checked: Checked) -> str:
    if checked.document is None:
        return "cannot be read" if checked.findings else "no prompt file that promptls knows, not checked"
    about = checked.document.recognised
    return f"{about.title} ({about.why})" if about.why else about.title


def _fix(places: Sequence[Path], migrate: bool) -> int:
    from promptls.actions.discover import leads_out, prompt_files, workspace_for
    from promptls.actions.fix import fix_file

    made = 0
    notes = Printer(sys.stderr)
    for path in prompt_files(places, workspace_for(places).snapshot()):
        if leads_out(path, places):
            continue
        fixed = fix_file(path, migrate=migrate)
        made += fixed.changes
        if fixed.migrated or fixed.kept:
            done = f"migrated to {fixed.migrated}{', but:' if fixed.lost else ''}"
            if fixed.kept:
                done = f"not migrated to {fixed.kept}, as it would not send the same any more:"
            notes.line(Piece(one_line(fixed.path), "bold"), f": {done}")
            for number, sentence in fixed.lost:
                notes.line(f"  line {number}: {one_line(sentence)}")
    return made


@contextmanager
def _progress() -> Iterator[Callable[[int, int], None] | None]:
    """A bar on standard error while there is much to do; nothing where nobody looks."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.progress import Progress

    many = 50
    bar: Progress | None = None

    def tell(done: int, total: int) -> None:
        nonlocal bar
        if bar is None:
            if total < many:
                return
            bar = Progress(console=console(sys.stderr), transient=True)
            bar.start()
            bar.add_task("Checking", total=total)
        bar.update(bar.task_ids[0], completed=done)

    try:
        yield tell
    finally:
        if bar is not None:
            bar.stop()
