"""Where the name, the file or the block under the cursor begins."""

from __future__ import annotations

from promptls.lsp.requests.registry import request
from promptls.lsp.session import Context
from promptls.lsp.to_lsp import locations
from promptls.lsp.wire import types


@request(types.TEXT_DOCUMENT_DEFINITION, lambda _: {"definition_provider": True})
def definition(ctx: Context, params: types.DefinitionParams) -> list[types.Location]:
    from promptls.ide import definition_at

    document = ctx.document(params.text_document.uri)
    if document is None:
        return []
    return locations(ctx, definition_at(document, ctx.offset(document, params.position), ctx.snapshot))
