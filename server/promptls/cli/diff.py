"""`promptls diff`: what a change does to the messages of prompts."""

from __future__ import annotations

from pathlib import Path

import click

from promptls.cli.terminal import say, use_utf8

_ENDINGS = dict.fromkeys((".md", ".markdown", ".txt"), "markdown")


@click.command("diff")
@click.argument("ref", default="HEAD")
@click.argument("places", nargs=-1, type=click.Path(path_type=Path), metavar="[FILE|FOLDER]...")
@click.option("--exit-code", "tell", is_flag=True, help="Exit with 1 where a prompt changed, as git diff does.")
@click.option("-o", "--output", type=click.Path(path_type=Path), metavar="PAGE", help="Write a file.")
def command(ref: str, places: tuple[Path, ...], tell: bool, output: Path | None) -> int:
    """Compare prompts with a commit: the messages before and after for each sample, tokens, and what is declared.

    Prints Markdown for a pull request. A prompt counts as changed also when a partial, a sample or a configuration
    that it reads did. git is asked for the earlier texts only; no hook, filter or monitor of the repository runs.

    \b
    promptls diff
    promptls diff origin/main
    promptls diff v1.2 prompts/ > diff.md

    Exit code: 0, with --exit-code 1 where a prompt changed; 2 for a wrong call.
    """
    from promptls.actions.diff import compare_files, to_markdown
    from promptls.cli.pages import form_for, write_page

    use_utf8()
    form_for(output, None, _ENDINGS, "markdown")
    comparison = compare_files(places, ref)
    text = to_markdown(comparison)
    if output is None:
        say(text, nl=False)
    else:
        write_page(output, text)
    return 1 if tell and comparison.changes else 0
