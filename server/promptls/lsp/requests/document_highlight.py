"""The places of the name under the cursor in this file."""

from __future__ import annotations

from typing import Final

from promptls.lsp.requests.registry import request
from promptls.lsp.session import Context
from promptls.lsp.to_lsp import range_of
from promptls.lsp.wire import types

_KINDS: Final = {"read": types.DocumentHighlightKind.Read, "write": types.DocumentHighlightKind.Write}


@request(types.TEXT_DOCUMENT_DOCUMENT_HIGHLIGHT, lambda _: {"document_highlight_provider": True})
def document_highlight(ctx: Context, params: types.DocumentHighlightParams) -> list[types.DocumentHighlight]:
    from promptls.ide import highlights_at

    document = ctx.document(params.text_document.uri)
    if document is None:
        return []
    positions = ctx.positions(document)
    return [
        types.DocumentHighlight(range_of(positions, found.span), _KINDS.get(found.kind))
        for found in highlights_at(document, ctx.offset(document, params.position), ctx.snapshot)
    ]
