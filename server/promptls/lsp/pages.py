"""Pages: documents that promptls itself writes, previews and results, and the editor shows.

A page is written once to disk and opened; from then on only edits that the editor makes for us change it, since a
file that changes under an open buffer stays old there, or brings a question when it is saved.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Final

from promptls.lsp.logging import log
from promptls.lsp.positions import Positions
from promptls.lsp.to_lsp import range_of
from promptls.lsp.wire import JsonRpcException, types
from promptls.text import Edit, Text
from promptls.text.difference import difference
from promptls.text.uris import path_to_uri

if TYPE_CHECKING:
    from promptls.lsp.session import Session

_ECHOED: Final = 2.0
"""Seconds for a client to tell of the change that it has made for us; Neovim takes 0.15."""
_OPENED: Final = 0.5
_END: Final = types.Position(2**31 - 1, 0)


async def show(session: Session, uri: str, path: str, what: str, line: int = 0) -> bool:
    """Open a page in the editor; where that cannot be, say where it is.

    ``what``: ``The preview``. ``line``, from 0: the one to look at.
    """
    if session.client.show_document:
        at = types.Position(line, 0)
        place = types.Range(at, at) if line else None
        answer = await asked(session, types.WINDOW_SHOW_DOCUMENT, types.ShowDocumentParams(uri, None, True, place))
        if isinstance(answer, dict) and answer.get("success"):
            return True
    tell(session, f"{what} is in {path}")
    return False


def tell(session: Session, sentence: str, kind: types.MessageType = types.MessageType.Info) -> None:
    session.connection.notify(types.WINDOW_SHOW_MESSAGE, types.ShowMessageParams(kind, sentence))


def uri_of(path: str) -> str:
    return path_to_uri(path)


async def opened(session: Session, uri: str) -> bool:
    """Whether the client says, within a moment, that it holds the page; it does not where it takes the page for
    none of our files."""
    for _ in range(10):
        if session.workspace.is_open(uri):
            return True
        await asyncio.sleep(_OPENED / 10)
    return session.workspace.is_open(uri)


async def replace_all(session: Session, uri: str, text: str) -> bool:
    """Give a page a new text in the editor; False where the editor does not."""
    known = session.workspace.text(uri)
    if known is None:
        edit = types.TextEdit(types.Range(types.Position(0, 0), _END), text)
        return await _apply(session, uri, [edit], None)
    text = text.replace("\n", known.eol)
    change = difference(known.value, text)
    return change is None or await edit_page(session, [Edit(uri, *change)])


async def edit_page(session: Session, edits: list[Edit]) -> bool:
    """Edits of one page that the client holds, and wait until it tells of them."""
    uri = edits[0].uri
    known = session.workspace.text(uri)
    if known is None:
        return False
    positions = Positions(known, session.client.encoding)
    changes = [types.TextEdit(range_of(positions, edit.span), edit.text.replace("\n", known.eol)) for edit in edits]
    if not await _apply(session, uri, changes, session.workspace.version(uri)):
        return False
    return await _changed(session, uri, known)


async def _changed(session: Session, uri: str, before: Text) -> bool:
    end = asyncio.get_running_loop().time() + _ECHOED
    while session.workspace.text(uri) is before:
        if asyncio.get_running_loop().time() > end:
            return False
        await asyncio.sleep(0.02)
    return True


async def _apply(session: Session, uri: str, edits: list[types.TextEdit], version: int | None) -> bool:
    if not session.client.apply_edit:
        return False
    uri = session.workspace.spelling(uri)
    edit = types.WorkspaceEdit(changes={uri: edits})
    if session.client.document_changes:
        identifier = types.OptionalVersionedTextDocumentIdentifier(uri, version)
        edit = types.WorkspaceEdit(document_changes=[types.TextDocumentEdit(identifier, list(edits))])
    answer = await asked(session, types.WORKSPACE_APPLY_EDIT, types.ApplyWorkspaceEditParams(edit))
    return isinstance(answer, dict) and answer.get("applied") is True


async def asked(session: Session, method: str, params: Any, seconds: float | None = None) -> Any:
    """The client's answer, None where it is an error or does not come in time."""
    try:
        return await asyncio.wait_for(session.connection.ask(method, params), seconds)
    except TimeoutError:
        log.info("the client did not answer %s within %g seconds", method, seconds)
    except JsonRpcException as error:
        log.warning("the client answered %s with an error (%s)", method, error.code)
    return None
