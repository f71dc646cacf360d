"""What can be folded away."""

from __future__ import annotations

from promptls.lsp.requests.registry import request
from promptls.lsp.session import Context
from promptls.lsp.wire import types


@request(types.TEXT_DOCUMENT_FOLDING_RANGE, lambda _: {"folding_range_provider": True})
def folding_range(ctx: Context, params: types.FoldingRangeParams) -> list[types.FoldingRange]:
    from promptls.ide import folds_of

    document = ctx.document(params.text_document.uri)
    if document is None:
        return []
    folds = folds_of(document)
    if ctx.client.fold_limit is not None and len(folds) > ctx.client.fold_limit:
        # The widest are worth the most; the client wants the order of the text all the same.
        widest = sorted(folds, key=lambda fold: fold.span.start - fold.span.end)[: ctx.client.fold_limit]
        folds = tuple(sorted(widest, key=lambda fold: fold.span))
    positions = ctx.positions(document)
    found = []
    for fold in folds:
        start, end = positions.place(fold.span.start), positions.place(fold.span.end)
        lines_only = ctx.client.line_folding_only
        found.append(
            types.FoldingRange(
                start.line,
                end.line,
                start_character=None if lines_only else start.column,
                end_character=None if lines_only else end.column,
                kind=types.FoldingRangeKind(fold.kind) if fold.kind else None,
            )
        )
    return found
