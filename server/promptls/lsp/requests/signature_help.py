"""What the call at the cursor takes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from promptls.lsp.client import Client
from promptls.lsp.positions import Positions
from promptls.lsp.requests.registry import request
from promptls.lsp.session import Context
from promptls.lsp.to_lsp import markup
from promptls.lsp.wire import types
from promptls.text import Text

if TYPE_CHECKING:
    from promptls.ide import Parameter, Signature

_TRIGGERS: Final = ("(", ",")
_WHILE_SHOWN: Final = ("=", " ", ")")


def _offer(_: Client) -> dict[str, Any]:
    return {"signature_help_provider": types.SignatureHelpOptions(list(_TRIGGERS), list(_WHILE_SHOWN))}


@request(types.TEXT_DOCUMENT_SIGNATURE_HELP, _offer)
def signature_help(ctx: Context, params: types.SignatureHelpParams) -> types.SignatureHelp | None:
    from promptls.ide import signature_at

    document = ctx.document(params.text_document.uri)
    if document is None:
        return None
    found = signature_at(document, ctx.offset(document, params.position), ctx.snapshot)
    if found is None:
        return None
    active = found.parameter
    if active is None and not ctx.client.no_active_parameter:
        active = len(found.signatures[found.active].parameters)  # none of them is marked
    signatures = [_information(ctx.client, signature, active) for signature in found.signatures]
    return types.SignatureHelp(signatures, found.active, active)


def _information(client: Client, signature: Signature, active: int | None) -> types.SignatureInformation:
    """With the active parameter once more: lsprotocol writes a null there, which some clients take for a number."""
    return types.SignatureInformation(
        signature.label,
        documentation=markup(signature.documentation, client.signature_markdown) if signature.documentation else None,
        parameters=[_parameter(client, signature.label, one) for one in signature.parameters],
        active_parameter=active,
    )


def _parameter(client: Client, label: str, parameter: Parameter) -> types.ParameterInformation:
    """Its place in the label, in UTF-16 whatever the positions are in, or the part of the label itself."""
    places = Positions(Text(label), "utf-16")
    start, end = places.place(parameter.span.start).column, places.place(parameter.span.end).column
    documentation = parameter.documentation
    return types.ParameterInformation(
        (start, end) if client.label_offsets else parameter.span.slice(label),
        documentation=markup(documentation, client.signature_markdown) if documentation else None,
    )
