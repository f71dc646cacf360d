"""Files that only `formats:` of a `promptls.yaml` calls prompts: a client is asked for them when it is known which.

No client sends them by itself, as it is configured with the names that every prompt file of a kind has.
"""

from __future__ import annotations

import os
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any, Final

from promptls.lsp.logging import log
from promptls.lsp.wire import types
from promptls.text.uris import path_to_uri, uri_to_path

if TYPE_CHECKING:
    from promptls.lsp.session import Session

CONFIGURATION: Final = "promptls.yaml"
_SYNC: Final = "synchronization"


class NamedFiles:
    """What was asked for so far. Used from the main thread only."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._patterns: tuple[str, ...] = ()
        self._asked: list[tuple[str, str]] = []

    def renew(self) -> None:
        """Ask for what the configuration names now, if that is something else than before."""
        if _SYNC not in self._session.client.dynamic:
            return
        patterns = self._named()
        if patterns == self._patterns:
            return
        before, self._patterns, self._asked = self._asked, patterns, []
        if before:
            gone = [types.Unregistration(identifier, method) for identifier, method in before]
            self._send(types.CLIENT_UNREGISTER_CAPABILITY, types.UnregistrationParams(gone))
        if patterns:
            asked = [types.Registration(f"promptls-named-{method}", method, how) for method, how in self._options()]
            self._asked = [(one.id, one.method) for one in asked]
            self._send(types.CLIENT_REGISTER_CAPABILITY, types.RegistrationParams(asked))

    def _named(self) -> tuple[str, ...]:
        """The patterns of all folders' configurations, below any folder, without those that a client knows."""
        from promptls import formats

        found: dict[str, None] = {}
        for uri in self._session.folders.values():
            place = os.path.join(uri_to_path(uri) or "", CONFIGURATION)
            if not os.path.isfile(place):
                continue
            for pattern, name in self._session.workspace.snapshot().config(path_to_uri(place)).formats:
                last = pattern.rsplit("/", 1)[-1]
                if name != "off" and not any(fnmatchcase(last, known) for known in formats.patterns()):
                    found["**/" + pattern.removeprefix("./").lstrip("/").removeprefix("**/")] = None
        return tuple(found)

    def _options(self) -> list[tuple[str, Any]]:
        from promptls.lsp.requests.registry import REQUESTS

        registrations: Any = types.METHOD_TO_TYPES
        selector = [types.TextDocumentFilterPattern(pattern=pattern, scheme="file") for pattern in self._patterns]
        plain = types.TextDocumentRegistrationOptions(selector)
        changes = types.TextDocumentChangeRegistrationOptions(types.TextDocumentSyncKind.Incremental, selector)
        options: list[tuple[str, Any]] = [
            (types.TEXT_DOCUMENT_DID_OPEN, plain),
            (types.TEXT_DOCUMENT_DID_CHANGE, changes),
            (types.TEXT_DOCUMENT_DID_SAVE, types.TextDocumentSaveRegistrationOptions(selector, include_text=False)),
            (types.TEXT_DOCUMENT_DID_CLOSE, plain),
        ]
        client = self._session.client
        for method, handler in REQUESTS.items():
            place, _, name = method.partition("/")
            name = name.split("/")[0]
            if place != "textDocument" or name not in client.dynamic:
                continue
            for offer in handler.offers(client).values():
                given = {} if offer is True else vars(offer)
                options.append((f"{place}/{name}", registrations[method][3](document_selector=selector, **given)))
        return options

    def _send(self, method: str, params: Any) -> None:
        def finish(answer: Any) -> None:
            if not answer.cancelled() and answer.exception():
                log.warning("the client does not send the files that `formats:` names")

        self._session.connection.ask(method, params).add_done_callback(finish)
