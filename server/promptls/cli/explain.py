"""`promptls explain`: what a rule finds and why."""

from __future__ import annotations

import sys

import click

from promptls.cli.frames import STYLES
from promptls.cli.notices import NOTICES
from promptls.cli.terminal import Piece, Printer, colours, console, use_utf8


def _complete(ctx: click.Context, parameter: click.Parameter, incomplete: str) -> list[str]:
    from promptls.rules.registry import rules

    return [code for code in rules() if code.startswith(incomplete)]


@click.command("explain")
@click.argument("code", required=False, shell_complete=_complete)
def command(code: str | None) -> int:
    """Say what a rule finds and why, with an example, and how to configure or silence it.

    Without a CODE: all rules, one line each.

    \b
    promptls explain unused-input
    promptls explain
    """
    from promptls.actions.check import require_code
    from promptls.rules.explain import explain

    use_utf8()
    if code is None:
        return _list()
    notice = NOTICES.get(code)
    if notice is None:
        require_code(code)
    text = notice or explain(code)
    if colours(sys.stdout):
        from rich.markdown import Markdown

        console(sys.stdout).print(Markdown(text), soft_wrap=False)
    else:
        click.echo(text)
    return 0


def _list() -> int:
    from promptls.rules.registry import rules

    printer = Printer()
    width = max(map(len, rules()))
    for rule in rules().values():
        severity = Piece(f"{rule.severity.label:<11}", STYLES[rule.severity])
        printer.line(f"{rule.code:<{width}}  ", severity, f"  {rule.title}")
    return 0
