"""What the thing under the pointer is."""

from __future__ import annotations

from promptls.lsp.requests.registry import request
from promptls.lsp.session import Context
from promptls.lsp.to_lsp import markup, range_of
from promptls.lsp.wire import types


@request(types.TEXT_DOCUMENT_HOVER, lambda _: {"hover_provider": True})
def hover(ctx: Context, params: types.HoverParams) -> types.Hover | None:
    from promptls.ide import hover_at

    document = ctx.document(params.text_document.uri)
    if document is None:
        return None
    card = hover_at(document, ctx.offset(document, params.position), ctx.snapshot)
    if card is None:
        return None
    contents = markup(card.markdown, ctx.client.hover_markdown)
    return types.Hover(contents, range_of(ctx.positions(document), card.span))
