"""`promptls completion`: what makes a shell complete commands and options."""

from __future__ import annotations

import click


@click.command("completion")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def command(shell: str) -> int:
    """Print the completion script of a shell; load it in your shell's start-up file.

    \b
    eval "$(promptls completion bash)"                                  in ~/.bashrc
    eval "$(promptls completion zsh)"                                   in ~/.zshrc
    promptls completion fish > ~/.config/fish/completions/promptls.fish
    """
    from click.shell_completion import get_completion_class

    from promptls.cli.commands import cli

    script = get_completion_class(shell)
    assert script is not None
    click.echo(script(cli, {}, "promptls", "_PROMPTLS_COMPLETE").source())
    return 0
