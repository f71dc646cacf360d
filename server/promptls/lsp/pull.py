"""Findings that the client asks for. It is told to ask again when they changed and the document itself did not."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, NamedTuple

from promptls.lsp.logging import log
from promptls.lsp.session import Session
from promptls.lsp.wire import types
from promptls.text import Text

if TYPE_CHECKING:
    from promptls.workspace.snapshot import Snapshot


class _Answer(NamedTuple):
    """What the client was given last of a document, and for which text; ``told``: what it was asked to fetch since."""

    text: Text | None
    result_id: str
    diagnostics: list[types.Diagnostic]
    told: list[types.Diagnostic]


class Pull:
    """For clients that ask for findings and can be told to ask again."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._answers: dict[str, _Answer] = {}
        # Deleted on disk, with the text that the editor still holds: it has no findings until it changes there.
        self._gone: dict[str, Text | None] = {}
        self._stale = False

    def knows(self, uri: str) -> bool:
        return uri in self._answers

    def wants(self, uri: str) -> bool:
        return uri in self._answers

    def tell(self, uri: str, snapshot: Snapshot, diagnostics: list[types.Diagnostic]) -> None:
        known = self._answers.get(uri)
        # After a change of the document itself the client asks without being told.
        if known is None or known.text is not snapshot.text(uri) or diagnostics in (known.diagnostics, known.told):
            return
        self._answers[uri] = known._replace(told=diagnostics)
        self._stale = True

    def clear(self, uri: str, snapshot: Snapshot, *, closed: bool) -> None:
        known = self._answers.pop(uri, None)
        self._gone.pop(uri, None)
        if not closed:
            self._gone[uri] = snapshot.text(uri)
            self._stale = self._stale or bool(known and known.diagnostics)

    def flush(self) -> None:
        if not self._stale:
            return
        self._stale = False
        asked = self._session.connection.ask(types.WORKSPACE_DIAGNOSTIC_REFRESH, None)
        asked.add_done_callback(_complain)

    def is_gone(self, uri: str, snapshot: Snapshot) -> bool:
        return uri in self._gone and self._gone[uri] is snapshot.text(uri)

    def answer(
        self, uri: str, snapshot: Snapshot, diagnostics: list[types.Diagnostic], previous: str | None
    ) -> types.DocumentDiagnosticReport:
        """All findings, or only that they are those of the ``previous`` answer."""
        if not self._session.workspace.is_open(uri):  # nothing would tell when to forget it
            return types.RelatedFullDocumentDiagnosticReport(diagnostics)
        known = self._answers.get(uri)
        same = known is not None and known.diagnostics == diagnostics
        result_id = known.result_id if known and same else self._session.new_result_id()
        self._answers[uri] = _Answer(snapshot.text(uri), result_id, diagnostics, diagnostics)
        if same and previous == result_id:
            return types.RelatedUnchangedDocumentDiagnosticReport(result_id)
        return types.RelatedFullDocumentDiagnosticReport(diagnostics, result_id=result_id)


def _complain(answer: asyncio.Future[Any]) -> None:
    if not answer.cancelled() and (error := answer.exception()):
        log.warning("the client cannot be told of new findings (%s)", getattr(error, "code", "unknown"))
