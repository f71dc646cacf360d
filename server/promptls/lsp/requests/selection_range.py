"""From the word under the cursor outwards: what "expand selection" takes next."""

from __future__ import annotations

from promptls.lsp.requests.registry import request
from promptls.lsp.session import Context
from promptls.lsp.to_lsp import range_of
from promptls.lsp.wire import types
from promptls.text import Span


@request(types.TEXT_DOCUMENT_SELECTION_RANGE, lambda _: {"selection_range_provider": True})
def selection_range(ctx: Context, params: types.SelectionRangeParams) -> list[types.SelectionRange] | None:
    from promptls.ide import selection_at

    document = ctx.document(params.text_document.uri)
    if document is None:
        return None
    positions = ctx.positions(document)
    found = []
    for position in params.positions:
        offset = ctx.offset(document, position)
        chain: types.SelectionRange | None = None
        for span in reversed(selection_at(document, offset) or (Span(offset, offset),)):
            chain = types.SelectionRange(range_of(positions, span), parent=chain)
        assert chain is not None
        found.append(chain)
    return found
