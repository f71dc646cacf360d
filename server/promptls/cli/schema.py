"""`promptls schema`: the JSON Schema of a format, for other tools."""

from __future__ import annotations

import json

import click

from promptls.cli.terminal import use_utf8


def _complete(ctx: click.Context, parameter: click.Parameter, incomplete: str) -> list[str]:
    from promptls.schema.files import names

    return [name for name in names() if name.startswith(incomplete)]


@click.command("schema")
@click.argument("name", required=False, shell_complete=_complete)
def command(name: str | None) -> int:
    """Print the JSON Schema of a format's header, or of promptls.yaml.

    Without a NAME: the names that there are.

    \b
    promptls schema prompty-v2 > prompty.schema.json
    """
    from promptls.actions.error import ActionError
    from promptls.rules.near import did_you_mean, nearest
    from promptls.schema.files import load, names

    use_utf8()
    if name is None:
        for known in names():
            title = load(known).get("title", "")
            click.echo(f"{known}  {title}" if title else known)
        return 0
    if name not in names():
        hint = did_you_mean(nearest(name, names())) or f": there are {', '.join(names())}"
        raise ActionError(f"there is no schema `{name}`{hint}", usage=True)
    click.echo(json.dumps(load(name), indent=2, ensure_ascii=False))
    return 0
