"""The findings of a document, for clients that ask for them; the others are sent them (``push``)."""

from __future__ import annotations

from typing import Any

from promptls.lsp.client import Client
from promptls.lsp.diagnostics import SOURCE
from promptls.lsp.requests.registry import REQUEST_FAILED, RefusedError, request
from promptls.lsp.session import Context
from promptls.lsp.wire import types


def _offer(client: Client) -> dict[str, Any]:
    if not client.pulls:
        return {}
    options = types.DiagnosticOptions(inter_file_dependencies=True, workspace_diagnostics=False, identifier=SOURCE)
    return {"diagnostic_provider": options}


@request(types.TEXT_DOCUMENT_DIAGNOSTIC, _offer)
def diagnostic(ctx: Context, params: types.DocumentDiagnosticParams) -> types.DocumentDiagnosticReport:
    report = ctx.session.publisher.answer(params.text_document.uri, params.previous_result_id)
    if report is None:
        raise RefusedError(REQUEST_FAILED, "promptls sends findings to this client by itself.")
    return report
