"""Open, changed, saved and closed documents: the text as the editor holds it."""

from __future__ import annotations

from promptls.lsp import interrupted
from promptls.lsp.from_lsp import changes
from promptls.lsp.logging import log
from promptls.lsp.positions import apply_changes
from promptls.lsp.requests.registry import notification
from promptls.lsp.session import Session
from promptls.lsp.wire import types


@notification(types.TEXT_DOCUMENT_DID_OPEN)
def did_open(session: Session, params: types.DidOpenTextDocumentParams) -> None:
    document = params.text_document
    session.workspace.open(document.uri, document.text, document.version, document.language_id)
    session.publisher.changed(document.uri)
    interrupted.opened(session, document.uri)


@notification(types.TEXT_DOCUMENT_DID_CHANGE)
def did_change(session: Session, params: types.DidChangeTextDocumentParams) -> None:
    uri, version = params.text_document.uri, params.text_document.version
    text = session.workspace.text(uri)
    if text is None:
        log.warning("a change of a document that is not open was ignored")
        return
    known = session.workspace.version(uri)
    if known is not None and version <= known:
        log.warning(
            "version %d of a document came after version %d; its changes were made all the same", version, known
        )
    edited = apply_changes(text, changes(params.content_changes), session.client.encoding)
    session.workspace.change(uri, edited, version)
    session.publisher.changed(uri)
    session.previews.changed(uri)


@notification(types.TEXT_DOCUMENT_DID_SAVE)
def did_save(session: Session, params: types.DidSaveTextDocumentParams) -> None:
    """Looks at the disk anew: a client without file watchers tells of changes there in no other way."""
    session.workspace.refresh()
    session.named_files.renew()
    session.publisher.all_changed()
    session.previews.saved(params.text_document.uri)
    session.runs.saved(params.text_document.uri)


@notification(types.TEXT_DOCUMENT_DID_CLOSE)
def did_close(session: Session, params: types.DidCloseTextDocumentParams) -> None:
    uri = session.workspace.spelling(params.text_document.uri)
    if not session.workspace.is_open(uri):
        log.warning("a document that is not open was closed")
        return
    session.publisher.clear(uri, closed=True)  # while it is still known who rests on it
    session.runs.closed(uri)
    session.workspace.close(uri)
    session.forget(uri)
