"""What each word is, as numbers: five for each token, each place relative to the one before (LSP 3.17)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final

from promptls.lsp.client import Client
from promptls.lsp.positions import Positions
from promptls.lsp.requests.registry import request
from promptls.lsp.session import Context
from promptls.lsp.wire import types

if TYPE_CHECKING:
    from promptls.ide import Token


# Those of ``ide.tokens``, which is not yet imported when they are offered; a test compares them.
TYPES: Final = (
    "namespace",
    "class",
    "enumMember",
    "parameter",
    "variable",
    "property",
    "function",
    "method",
    "macro",
    "keyword",
    "comment",
    "string",
    "number",
    "operator",
)
MODIFIERS: Final = ("declaration", "readonly", "deprecated", "modification", "defaultLibrary")


def _legend(client: Client) -> tuple[list[str], list[str]]:
    """Of our types and modifiers those that the client knows: it may refuse others."""
    kinds = [name for name in TYPES if client.token_types is None or name in client.token_types]
    modifiers = [name for name in MODIFIERS if client.token_modifiers is None or name in client.token_modifiers]
    return kinds, modifiers


def _offer(client: Client) -> dict[str, Any]:
    kinds, modifiers = _legend(client)
    if not kinds:
        return {}
    legend = types.SemanticTokensLegend(kinds, modifiers)
    return {"semantic_tokens_provider": types.SemanticTokensOptions(legend, range=True, full=True)}


@request(types.TEXT_DOCUMENT_SEMANTIC_TOKENS_FULL, _offer)
def semantic_tokens(ctx: Context, params: types.SemanticTokensParams) -> types.SemanticTokens | None:
    from promptls.ide import tokens_of

    document = ctx.document(params.text_document.uri)
    if document is None:
        return None
    return types.SemanticTokens(_numbers(ctx.client, ctx.positions(document), tokens_of(document)))


@request(types.TEXT_DOCUMENT_SEMANTIC_TOKENS_RANGE)
def semantic_tokens_range(ctx: Context, params: types.SemanticTokensRangeParams) -> types.SemanticTokens | None:
    from promptls.ide import tokens_of

    document = ctx.document(params.text_document.uri)
    if document is None:
        return None
    tokens = tokens_of(document, ctx.span(document, params.range))
    return types.SemanticTokens(_numbers(ctx.client, ctx.positions(document), tokens))


def _numbers(client: Client, positions: Positions, tokens: Iterable[Token]) -> list[int]:
    kinds, modifiers = _legend(client)
    kind_of = {name: index for index, name in enumerate(kinds)}
    bit_of = {name: 1 << index for index, name in enumerate(modifiers)}
    numbers: list[int] = []
    last_line = last_column = 0
    for token in tokens:
        kind = kind_of.get(token.type)
        if kind is None:
            continue
        line, column = positions.place(token.span.start)
        if line != last_line:
            last_column = 0
        bits = sum(bit_of.get(name, 0) for name in set(token.modifiers))
        numbers += (line - last_line, column - last_column, positions.length(token.span), kind, bits)
        last_line, last_column = line, column
    return numbers
