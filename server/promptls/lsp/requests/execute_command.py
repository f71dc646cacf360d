"""A command that a person started: from a menu of code actions, a lens, or a client's own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from promptls.lsp.client import Client
from promptls.lsp.commands import COMMANDS
from promptls.lsp.commands.registry import INVALID_PARAMS, Call
from promptls.lsp.requests.registry import RefusedError, request
from promptls.lsp.session import Context
from promptls.lsp.wire import types

HARMLESS: Final = frozenset(
    {
        "promptls.cancel",
        "promptls.convert",
        "promptls.explain",
        "promptls.newSample",
        "promptls.openHistory",
        "promptls.selectSample",
    }
)
"""These neither render nor send."""


def _offer(_: Client) -> dict[str, Any]:
    return {"execute_command_provider": types.ExecuteCommandOptions(sorted(COMMANDS))}


@request(types.WORKSPACE_EXECUTE_COMMAND, _offer)
def execute_command(ctx: Context, params: types.ExecuteCommandParams) -> Any:
    run = COMMANDS.get(params.command)
    if run is None:
        raise RefusedError(INVALID_PARAMS, f"promptls has no command {params.command[:80]}.")
    argument = params.arguments[0] if params.arguments else {}
    if not isinstance(argument, Mapping):
        raise RefusedError(INVALID_PARAMS, f"{params.command} takes one object, such as {{uri: …}}.")
    if params.command not in HARMLESS:
        ctx.session.need_trust()
    return run(ctx, Call(params.command, argument))
