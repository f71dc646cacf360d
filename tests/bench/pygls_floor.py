"""A pygls server as its documentation shows one, that answers every change with one finding and does nothing else."""

from lsprotocol import types
from pygls.lsp.server import LanguageServer

server = LanguageServer("floor", "0")
PLACE = types.Range(start=types.Position(0, 0), end=types.Position(0, 1))
ITEMS = [types.CompletionItem(label=f"item{index}") for index in range(100)]


def publish(uri: str, version: int) -> None:
    findings = [types.Diagnostic(range=PLACE, message="floor")]
    server.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, findings, version))


@server.feature(types.TEXT_DOCUMENT_DID_OPEN)
def did_open(params: types.DidOpenTextDocumentParams) -> None:
    publish(params.text_document.uri, params.text_document.version)


@server.feature(types.TEXT_DOCUMENT_DID_CHANGE)
def did_change(params: types.DidChangeTextDocumentParams) -> None:
    publish(params.text_document.uri, params.text_document.version)


@server.feature(types.TEXT_DOCUMENT_COMPLETION)
def completion(params: types.CompletionParams) -> list[types.CompletionItem]:
    return ITEMS


server.start_io()
