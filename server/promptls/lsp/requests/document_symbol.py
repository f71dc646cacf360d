"""The outline of a document: a tree, or a list for clients that know no tree."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from promptls.lsp.positions import Positions
from promptls.lsp.requests.registry import request
from promptls.lsp.session import Context
from promptls.lsp.to_lsp import range_of
from promptls.lsp.wire import types
from promptls.text import Span

if TYPE_CHECKING:
    from promptls.ide import Symbol

_KINDS: Final = {
    "key": types.SymbolKind.Property,
    "object": types.SymbolKind.Object,
    "array": types.SymbolKind.Array,
    "message": types.SymbolKind.String,
    "section": types.SymbolKind.Module,
    "block": types.SymbolKind.Namespace,
    "macro": types.SymbolKind.Function,
}


@request(types.TEXT_DOCUMENT_DOCUMENT_SYMBOL, lambda _: {"document_symbol_provider": True})
def document_symbol(
    ctx: Context, params: types.DocumentSymbolParams
) -> list[types.DocumentSymbol] | list[types.SymbolInformation]:
    from promptls.ide import symbols_of

    document = ctx.document(params.text_document.uri)
    if document is None:
        return []
    symbols, positions = symbols_of(document), ctx.positions(document)
    if ctx.client.nested_symbols:
        return [_nested(ctx, positions, symbol) for symbol in symbols]
    return list(_flat(ctx, positions, params.text_document.uri, symbols, None))


def _nested(ctx: Context, positions: Positions, symbol: Symbol) -> types.DocumentSymbol:
    # VS Code refuses the whole answer where a name lies outside of its symbol.
    name = Span(
        min(max(symbol.name_span.start, symbol.span.start), symbol.span.end),
        max(min(symbol.name_span.end, symbol.span.end), symbol.span.start),
    )
    return types.DocumentSymbol(
        symbol.name or "…",
        _kind(ctx, symbol),
        range_of(positions, symbol.span),
        range_of(positions, name),
        detail=symbol.detail or None,
        children=[_nested(ctx, positions, child) for child in symbol.children],
    )


def _flat(
    ctx: Context, positions: Positions, uri: str, symbols: Iterable[Symbol], container: str | None
) -> Iterable[types.SymbolInformation]:
    for symbol in symbols:
        location = types.Location(uri, range_of(positions, symbol.span))
        yield types.SymbolInformation(location, symbol.name or "…", _kind(ctx, symbol), container_name=container)
        yield from _flat(ctx, positions, uri, symbol.children, symbol.name)


def _kind(ctx: Context, symbol: Symbol) -> types.SymbolKind:
    kind = _KINDS.get(symbol.kind, types.SymbolKind.Property)
    return kind if kind.value in ctx.client.symbol_kinds else types.SymbolKind.Property
