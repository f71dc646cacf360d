"""The documentation of one choice, when the client shows it. Nothing is kept for it: `data` says what it is about."""

from __future__ import annotations

from promptls.lsp.requests.registry import request
from promptls.lsp.session import Context
from promptls.lsp.to_lsp import markup
from promptls.lsp.wire import types


@request(types.COMPLETION_ITEM_RESOLVE)
def completion_resolve(ctx: Context, params: types.CompletionItem) -> types.CompletionItem:
    from promptls.ide import documentation_of

    if not isinstance(params.data, dict):
        return params
    documentation = documentation_of(params.data, ctx.snapshot)
    if documentation:
        params.documentation = markup(documentation, ctx.client.completion_markdown)
    return params
