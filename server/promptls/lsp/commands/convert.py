"""``promptls.convert {uri}``: the file becomes one of the current version of its format."""

from __future__ import annotations

from typing import Any

from promptls.lsp import pages
from promptls.lsp.commands.registry import Call, command
from promptls.lsp.requests.registry import REQUEST_FAILED, RefusedError
from promptls.lsp.session import Context
from promptls.lsp.to_lsp import workspace_edit
from promptls.lsp.wire import types


@command("promptls.convert")
def convert(ctx: Context, call: Call) -> dict[str, Any]:
    """The editor changes the file; answers ``{uri, to, lost}``: the version, and a sentence for each thing that it has
    no place for. The same edit is a code action at the header."""
    from promptls.actions.convert import convert as made_of
    from promptls.actions.error import ActionError
    from promptls.ide.upgrades import note_of

    document = call.document(ctx)
    try:
        made = made_of(document, ctx.snapshot)
    except ActionError as error:
        raise RefusedError(REQUEST_FAILED, f"{error}.") from None
    note = note_of(made, document)
    edit = workspace_edit(ctx, made.edits, made.title, note)
    if edit is None or not ctx.client.apply_edit:
        raise RefusedError(REQUEST_FAILED, "This editor lets no server change a file: use `promptls check --fix`.")
    params = types.ApplyWorkspaceEditParams(edit, label=made.title)
    ctx.session.tasks.start(_apply(ctx, params, document.recognised.title, made.to, note), call.name)
    return {"uri": ctx.session.workspace.spelling(document.uri), "to": made.to, "lost": note.splitlines()}


async def _apply(ctx: Context, params: types.ApplyWorkspaceEditParams, old: str, new: str, note: str) -> None:
    answer = await pages.asked(ctx.session, types.WORKSPACE_APPLY_EDIT, params)
    if isinstance(answer, dict) and answer.get("applied") is True and note:
        pages.tell(ctx.session, f"{old} is {new} now, but look at this:\n{note}", types.MessageType.Warning)
