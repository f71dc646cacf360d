"""Findings that the server sends by itself: with their version, nothing twice, and empty ones at the end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from promptls.lsp.session import Session
from promptls.lsp.wire import types

if TYPE_CHECKING:
    from promptls.workspace.snapshot import Snapshot


class Push:
    """For clients that do not ask for findings, or could not be told to ask again."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._sent: dict[str, tuple[int | None, list[types.Diagnostic]]] = {}

    def knows(self, uri: str) -> bool:
        return uri in self._sent

    def wants(self, uri: str) -> bool:
        return True

    def tell(self, uri: str, snapshot: Snapshot, diagnostics: list[types.Diagnostic]) -> None:
        version = snapshot.version(uri)
        if self._sent.get(uri) != (version, diagnostics):
            self._sent[uri] = (version, diagnostics)
            self._send(uri, version, diagnostics)

    def clear(self, uri: str, snapshot: Snapshot, *, closed: bool) -> None:
        if self._sent.pop(uri, None) is not None:
            self._send(uri, None, [])

    def flush(self) -> None:
        """All is sent already."""

    def _send(self, uri: str, version: int | None, diagnostics: list[types.Diagnostic]) -> None:
        params = types.PublishDiagnosticsParams(uri, diagnostics, version=version)
        self._session.connection.notify(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS, params)
