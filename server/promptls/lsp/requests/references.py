"""Everywhere the name under the cursor is read."""

from __future__ import annotations

from promptls.lsp.requests.registry import request
from promptls.lsp.session import Context
from promptls.lsp.to_lsp import locations
from promptls.lsp.wire import types


@request(types.TEXT_DOCUMENT_REFERENCES, lambda _: {"references_provider": True})
def references(ctx: Context, params: types.ReferenceParams) -> list[types.Location]:
    from promptls.ide import references_at

    document = ctx.document(params.text_document.uri)
    if document is None:
        return []
    offset, declaration = ctx.offset(document, params.position), params.context.include_declaration
    return locations(ctx, references_at(document, offset, ctx.snapshot, declaration=declaration))
