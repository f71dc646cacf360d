"""A new name for an input or a local name, everywhere in the file."""

from __future__ import annotations

from typing import Any

from promptls.lsp.client import Client
from promptls.lsp.requests.registry import REQUEST_FAILED, RefusedError, request
from promptls.lsp.session import Context
from promptls.lsp.to_lsp import range_of, workspace_edit
from promptls.lsp.wire import types


def _offer(client: Client) -> dict[str, Any]:
    return {"rename_provider": types.RenameOptions(prepare_provider=True) if client.prepares_rename else True}


@request(types.TEXT_DOCUMENT_PREPARE_RENAME)
def prepare_rename(ctx: Context, params: types.PrepareRenameParams) -> types.PrepareRenamePlaceholder | None:
    from promptls.ide import renamable_at

    document = ctx.document(params.text_document.uri)
    if document is None:
        return None
    found = renamable_at(document, ctx.offset(document, params.position), ctx.snapshot)
    if found is None:
        return None
    return types.PrepareRenamePlaceholder(range_of(ctx.positions(document), found.span), found.name)


@request(types.TEXT_DOCUMENT_RENAME, _offer)
def rename(ctx: Context, params: types.RenameParams) -> types.WorkspaceEdit | None:
    from promptls.ide import RenameRefusedError, rename_at

    document = ctx.document(params.text_document.uri)
    if document is None:
        return None
    try:
        edits = rename_at(document, ctx.offset(document, params.position), params.new_name, ctx.snapshot)
    except RenameRefusedError as error:
        raise RefusedError(REQUEST_FAILED, str(error)) from None
    return workspace_edit(ctx, edits)
