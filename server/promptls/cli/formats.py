"""`promptls formats`: which files are read, and as what. An editor asks it before it starts a server for a file."""

from __future__ import annotations

import json
from pathlib import Path

import click

from promptls.cli.terminal import use_utf8


@click.command("formats")
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", help="json: one object, for programs."
)
def command(files: tuple[Path, ...], form: str) -> int:
    """Say what each FILE is read as: by its name, or by `formats:` in the promptls.yaml above it.

    Without a FILE: the names that are read everywhere. A FILE is not opened, and need not exist.

    \b
    promptls formats
    promptls formats prompts/summary.txt
    promptls formats --format json prompts/*
    """
    from promptls import formats
    from promptls.actions.discover import taken_as, workspace_for

    use_utf8()
    if files:
        snapshot = workspace_for(files).snapshot()
        taken = {str(file): taken_as(file, snapshot) for file in files}
        lines = [f"{file}: {taken_for or 'not read'}" for file, taken_for in taken.items()]
    else:
        taken = {pattern: language.id for language in formats.languages() for pattern in language.patterns}
        lines = [f"{', '.join(one.patterns)}: {one.title}" for one in formats.languages()]
    click.echo(json.dumps(taken, indent=2, ensure_ascii=False) if form == "json" else "\n".join(lines))
    return 0
