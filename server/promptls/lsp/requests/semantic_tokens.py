"""What each word is, as numbers: five for each token, each place relative to the one before (LSP 3.17).

A client that keeps an answer is sent only what changed in it. Of each document the last answer is kept for that.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
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
_MOST_KEPT: Final = 200_000
"""Numbers (0.8 MB) of an answer that is kept; a longer one is sent whole each time."""
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
    full = types.SemanticTokensFullDelta(delta=True) if client.token_deltas else True
    return {"semantic_tokens_provider": types.SemanticTokensOptions(legend, range=True, full=full)}


@request(types.TEXT_DOCUMENT_SEMANTIC_TOKENS_FULL, _offer)
def semantic_tokens(ctx: Context, params: types.SemanticTokensParams) -> types.SemanticTokens | None:
    numbers = _all(ctx, params.text_document.uri)
    if numbers is None:
        return None
    return types.SemanticTokens(numbers, result_id=_keep(ctx, params.text_document.uri, numbers))


@request(types.TEXT_DOCUMENT_SEMANTIC_TOKENS_FULL_DELTA)
def semantic_tokens_delta(
    ctx: Context, params: types.SemanticTokensDeltaParams
) -> types.SemanticTokens | types.SemanticTokensDelta | None:
    uri = params.text_document.uri
    numbers, known = _all(ctx, uri), ctx.session.kept_tokens(uri)
    if numbers is None:
        return None
    result_id = _keep(ctx, uri, numbers)
    if known is None or known[0] != params.previous_result_id:
        return types.SemanticTokens(numbers, result_id=result_id)
    return types.SemanticTokensDelta(_difference(known[1], numbers), result_id=result_id)


@request(types.TEXT_DOCUMENT_SEMANTIC_TOKENS_RANGE)
def semantic_tokens_range(ctx: Context, params: types.SemanticTokensRangeParams) -> types.SemanticTokens | None:
    from promptls.ide import tokens_of

    document = ctx.document(params.text_document.uri)
    if document is None:
        return None
    tokens = tokens_of(document, ctx.span(document, params.range))
    return types.SemanticTokens(_numbers(ctx.client, ctx.positions(document), tokens))


def _all(ctx: Context, uri: str) -> list[int] | None:
    from promptls.ide import tokens_of

    document = ctx.document(uri)
    return None if document is None else _numbers(ctx.client, ctx.positions(document), tokens_of(document))


def _keep(ctx: Context, uri: str, numbers: list[int]) -> str | None:
    """The name by which the client asks for what changed in this answer; None where it is not kept."""
    if not ctx.client.token_deltas or len(numbers) > _MOST_KEPT:
        ctx.session.keep_tokens(uri, None)
        return None
    known = ctx.session.kept_tokens(uri)
    packed = array("I", numbers)
    if known is not None and known[1] == packed:
        return known[0]
    result_id = ctx.session.new_result_id()
    ctx.session.keep_tokens(uri, (result_id, packed))
    return result_id


def _difference(old: Sequence[int], new: list[int]) -> list[types.SemanticTokensEdit]:
    """The one edit between two answers, less what they share at both ends. Places are relative, so that typing in one
    line changes the numbers of that line and of the token behind it."""
    shorter = min(len(old), len(new))
    start = next((at for at in range(shorter) if old[at] != new[at]), shorter)
    if start == len(old) == len(new):
        return []
    tail = next((at for at in range(shorter - start) if old[-1 - at] != new[-1 - at]), shorter - start)
    return [types.SemanticTokensEdit(start, len(old) - start - tail, data=new[start : len(new) - tail])]


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
