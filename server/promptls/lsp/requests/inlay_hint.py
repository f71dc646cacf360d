"""What a sample puts in the place of a name, behind it; only where a person has asked for it in the settings."""

from __future__ import annotations

from promptls.lsp.requests.registry import request
from promptls.lsp.session import Context
from promptls.lsp.wire import types


@request(types.TEXT_DOCUMENT_INLAY_HINT, lambda _: {"inlay_hint_provider": True})
def inlay_hint(ctx: Context, params: types.InlayHintParams) -> list[types.InlayHint]:
    from promptls.ide import hints_of

    document = ctx.document(params.text_document.uri)
    if document is None or not ctx.session.settings.inlay_hints:
        return []
    choices, positions = ctx.session.choices, ctx.positions(document)
    chosen = {prompt.name: choices.sample(document.uri, prompt.name) or 1 for prompt in document.prompts}
    return [
        types.InlayHint(
            types.Position(*positions.place(hint.offset)),
            hint.label,
            tooltip=hint.tooltip or None,
            padding_left=True,
        )
        for hint in hints_of(document, ctx.span(document, params.range), chosen)
    ]
