"""The places that change together while a name is edited."""

from __future__ import annotations

from promptls.lsp.requests.registry import request
from promptls.lsp.session import Context
from promptls.lsp.to_lsp import range_of
from promptls.lsp.wire import types


@request(types.TEXT_DOCUMENT_LINKED_EDITING_RANGE, lambda _: {"linked_editing_range_provider": True})
def linked_editing_range(ctx: Context, params: types.LinkedEditingRangeParams) -> types.LinkedEditingRanges | None:
    from promptls.ide import linked_at

    document = ctx.document(params.text_document.uri)
    if document is None:
        return None
    found = linked_at(document, ctx.offset(document, params.position))
    if found is None:
        return None
    positions = ctx.positions(document)
    return types.LinkedEditingRanges([range_of(positions, span) for span in found.spans], word_pattern=found.pattern)
