"""All commands by name; the file of one is imported when it is called or helped with."""

from __future__ import annotations

from importlib import import_module

import click

COMMANDS = {
    "check": "Find what is wrong in prompt files.",
    "render": "Print the messages that a prompt file sends.",
    "preview": "Show a prompt's messages as a page: values, holes, tokens, samples.",
    "diff": "Compare prompts with a commit: messages, tokens, declarations.",
    "run": "Send a prompt to a model and print its answer.",
    "history": "List, show and compare the runs of this machine.",
    "usage": "Show what runs used: tokens, cost, time.",
    "providers": "Show who can be called, where the keys are, and who answers.",
    "keys": "Keep keys in the system's keyring.",
    "trust": "Agree to what may be sent where, and take it back.",
    "explain": "Say what a rule finds and why, with an example.",
    "formats": "Say which files are read, and as what.",
    "schema": "Print the JSON Schema of a format.",
    "lsp": "Serve an editor over stdin and stdout.",
    "demo": "Show a short session on an example workspace.",
    "model": "Install, show or remove the small model that runs on this machine.",
    "doctor": "Print what a bug report needs.",
    "completion": "Print the completion script of a shell.",
}


class ClosedPipeError(Exception):
    """Standard output is gone. Not an OSError: click would make that exit code 1, which means findings."""


class _Lazy(click.Group):
    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            raise ClosedPipeError from None

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command = import_module(f"promptls.cli.{cmd_name}").command
        assert isinstance(command, click.Command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = args[0]
        if name not in COMMANDS and not name.startswith("-"):
            from promptls.rules.near import did_you_mean, nearest

            ctx.fail(f"There is no command `{name}`{did_you_mean(nearest(name, COMMANDS))}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(
    cls=_Lazy,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    invoke_without_command=True,
    epilog="`promptls COMMAND --help` says more, with examples.",
)
@click.version_option(None, "-V", "--version", package_name="promptls", message="promptls %(version)s")
@click.pass_context
def cli(ctx: click.Context) -> None:
    """The language server for prompt files, and the same checks for the terminal and CI.

    \b
    promptls check                     every prompt file below this folder
    promptls render chat.prompty       the messages that it sends
    promptls lsp                       what an editor starts
    """
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())
