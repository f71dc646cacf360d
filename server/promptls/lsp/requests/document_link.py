"""The files that a document names, one click away."""

from __future__ import annotations

from promptls.lsp.requests.registry import request
from promptls.lsp.session import Context
from promptls.lsp.to_lsp import range_of
from promptls.lsp.wire import types


@request(types.TEXT_DOCUMENT_DOCUMENT_LINK, lambda _: {"document_link_provider": types.DocumentLinkOptions(False)})
def document_link(ctx: Context, params: types.DocumentLinkParams) -> list[types.DocumentLink]:
    from promptls.ide import links_of

    document = ctx.document(params.text_document.uri)
    if document is None:
        return []
    positions = ctx.positions(document)
    return [
        types.DocumentLink(
            range_of(positions, link.span),
            target=ctx.session.workspace.spelling(link.uri),
            tooltip=link.tooltip if ctx.client.link_tooltips else None,
        )
        for link in links_of(document, ctx.snapshot)
    ]
