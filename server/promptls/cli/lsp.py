"""`promptls lsp`: what an editor starts. Beside the short way in ``main``, the only importer of ``promptls.lsp``."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("lsp")
@click.option("--stdio", is_flag=True, help="Talk over stdin and stdout, which is what it does anyway.")
@click.option(
    "--log-file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write a log there: methods, sizes and times, never the text of a file.",
)
def command(stdio: bool, log_file: Path | None) -> int:
    """Serve an editor over stdin and stdout, by the Language Server Protocol.

    You do not call this yourself: an editor does, once for each workspace. How to set up yours is in the README.

    \b
    promptls lsp --log-file /tmp/promptls.log
    vim.lsp.config("promptls", {cmd = {"promptls", "lsp"}})      in Neovim 0.11
    """
    from promptls.lsp import serve

    return serve(log_file)
