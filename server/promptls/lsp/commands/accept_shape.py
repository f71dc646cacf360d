"""``promptls.acceptShape {uri}`` of a result: the prompt declares the shape that its answer has."""

from __future__ import annotations

from typing import Any

from promptls.lsp import pages
from promptls.lsp.commands.registry import Call, command
from promptls.lsp.requests.registry import REQUEST_FAILED, RefusedError
from promptls.lsp.session import Context
from promptls.lsp.to_lsp import workspace_edit
from promptls.lsp.wire import types


@command("promptls.acceptShape")
def accept_shape(ctx: Context, call: Call) -> dict[str, Any]:
    """The editor changes the prompt; answers ``{uri}`` of it."""
    from promptls.actions.answer import accept_shape as edits_for
    from promptls.actions.error import ActionError

    try:
        edits = edits_for(call.document(ctx), ctx.snapshot)
    except ActionError as error:
        raise RefusedError(REQUEST_FAILED, f"{error}.") from None
    edit = workspace_edit(ctx, edits)
    if edit is None or not ctx.client.apply_edit:
        raise RefusedError(REQUEST_FAILED, "This editor lets no server change a file.")
    params = types.ApplyWorkspaceEditParams(edit, label="Accept this shape")
    ctx.session.tasks.start(pages.asked(ctx.session, types.WORKSPACE_APPLY_EDIT, params), call.name)
    return {"uri": ctx.session.workspace.spelling(edits[0].uri)}
