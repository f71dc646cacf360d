"""What the server knows of its client between two messages, and what a handler is given of it.

The core is imported when it is first needed, so that ``initialize`` is answered before.
"""

from __future__ import annotations

import os
from array import array
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import count
from typing import TYPE_CHECKING, Any, Protocol

from promptls.lsp.choices import Choices
from promptls.lsp.client import Client
from promptls.lsp.from_lsp import place
from promptls.lsp.named_files import NamedFiles
from promptls.lsp.positions import Positions
from promptls.lsp.previews import Previews
from promptls.lsp.runs import SessionRuns
from promptls.lsp.settings import Settings
from promptls.lsp.tasks import Tasks
from promptls.lsp.wire import Connection, types
from promptls.lsp.worker import Worker
from promptls.text import Span, Text
from promptls.text.uris import uri_key, uri_to_path

if TYPE_CHECKING:
    from promptls.prompt.model import Document
    from promptls.rules.finding import Finding
    from promptls.workspace.files import Workspace
    from promptls.workspace.snapshot import Snapshot


class Publishing(Protocol):
    """What a handler may ask of the publisher of findings (``publisher.Publisher``)."""

    def changed(self, uri: str) -> None: ...

    def all_changed(self) -> None: ...

    def clear(self, uri: str, *, closed: bool = False) -> None: ...

    def answer(self, uri: str, previous: str | None) -> types.DocumentDiagnosticReport | None: ...


class Session:
    """Everything that changes: the workspace, the folders, the settings. Used from the main thread only."""

    def __init__(self, connection: Connection, client: Client, options: Any = None) -> None:
        self.connection = connection
        self.client = client
        self.options = options
        self.settings = Settings()
        self.trace = "off"
        self.folders: dict[str, str] = {}
        self.publisher: Publishing
        self.worker = Worker()
        self.aside = Worker()
        self.progress: dict[str, Callable[[], object]] = {}
        self.tasks = Tasks()
        self.choices = Choices()
        self.previews = Previews(self)
        self.runs = SessionRuns(self)
        self.named_files = NamedFiles(self)
        self._results = map(f"{os.urandom(4).hex()}-{{}}".format, count(1))
        self._positions: dict[str, Positions] = {}
        self._tokens: dict[str, tuple[str, array[int]]] = {}
        self._findings: dict[str, tuple[int, bool, tuple[Finding, ...]]] = {}

    @cached_property
    def workspace(self) -> Workspace:
        from promptls.workspace.files import Workspace
        from promptls.workspace.outside import outside_of

        workspace = Workspace(environment=os.environ)
        workspace.use_outside(outside_of(os.environ, lambda: self.settings.running))
        workspace.set_folders(self.folders.values())
        return workspace

    def change_folders(self, added: Mapping[str, str], removed: Mapping[str, str]) -> None:
        """Folders by normal form and as the client spelled them."""
        self.folders = {key: uri for key, uri in (self.folders | dict(added)).items() if key not in removed}
        if "workspace" in self.__dict__:
            self.workspace.set_folders(self.folders.values())

    def context(self) -> Context:
        return Context(self, self.workspace.snapshot())

    def need_trust(self) -> None:
        """Before something is rendered or sent: RefusedError where the editor says that nobody trusts the workspace."""
        from promptls.lsp.requests.registry import REQUEST_FAILED, RefusedError

        if not self.settings.trusted:
            sentence = "This workspace is not trusted: it is checked, but nothing of it is rendered or run."
            raise RefusedError(REQUEST_FAILED, sentence)

    def new_result_id(self) -> str:
        """Names an answer; no other session gives the same name."""
        return next(self._results)

    def positions(self, uri: str, text: Text) -> Positions:
        known = self._positions.get(uri_key(uri))
        if known is None or known.text is not text:
            known = self._positions[uri_key(uri)] = Positions(text, self.client.encoding)
        return known

    def findings(self, document: Document, snapshot: Snapshot) -> tuple[Finding, ...]:
        """The findings of a document, looked for once in a state of the workspace."""
        from promptls.rules.engine import findings as find

        known = self._findings.get(uri_key(document.uri))
        if known is None or known[0] != snapshot.revision or (snapshot.second_opinion and not known[1]):
            known = snapshot.revision, snapshot.second_opinion, find(document, snapshot)
            self._findings[uri_key(document.uri)] = known
        return known[2]

    def kept_tokens(self, uri: str) -> tuple[str, array[int]] | None:
        """The last semantic tokens that the client was given of a document, and their result's name."""
        return self._tokens.get(uri_key(uri))

    def keep_tokens(self, uri: str, answer: tuple[str, array[int]] | None) -> None:
        """Keeps the answer, of open documents only, instead of the one before."""
        self._tokens.pop(uri_key(uri), None)
        if answer is not None and self.workspace.is_open(uri):
            self._tokens[uri_key(uri)] = answer

    def stop(self) -> None:
        """The client is leaving."""
        self.tasks.stop()
        self.worker.close()
        self.aside.close()
        self.runs.stop()

    def refresh(self) -> None:
        """Lenses and hints say something else now, though no document has changed."""
        for wanted, method in (
            (self.client.refreshes_lenses, types.WORKSPACE_CODE_LENS_REFRESH),
            (self.client.refreshes_hints and self.settings.inlay_hints, types.WORKSPACE_INLAY_HINT_REFRESH),
        ):
            if wanted:
                self.connection.ask(method, None).add_done_callback(lambda done: done.cancelled() or done.exception())

    def folder_of(self, uri: str) -> str | None:
        """The path of the workspace folder that holds a file: the longest, where they nest."""
        key = uri_key(uri)
        inside = [folder for folder in self.folders if key.startswith(folder.rstrip("/") + "/")]
        return uri_to_path(self.folders[max(inside, key=len)]) if inside else None

    def forget(self, uri: str) -> None:
        self.previews.forget(uri)
        self._tokens.pop(uri_key(uri), None)
        self._positions.pop(uri_key(uri), None)
        self._findings.pop(uri_key(uri), None)


@dataclass(frozen=True, slots=True)
class Context:
    """What a handler of a request sees: one state of the workspace, and the client."""

    session: Session
    snapshot: Snapshot

    @property
    def client(self) -> Client:
        return self.session.client

    def document(self, uri: str) -> Document | None:
        """The document to answer from; None for what is no prompt file, or so large that only its syntax counts."""
        from promptls.workspace.disk import FULL_LIMIT

        document = self.snapshot.document(uri)
        return document if document is not None and len(document.text) <= FULL_LIMIT else None

    def findings(self, document: Document) -> tuple[Finding, ...]:
        return self.session.findings(document, self.snapshot)

    def positions(self, document: Document) -> Positions:
        return self.session.positions(document.uri, document.text)

    def positions_of(self, uri: str) -> Positions | None:
        """For any file that the workspace may read."""
        text = self.snapshot.text(uri)
        return None if text is None else self.session.positions(uri, text)

    def offset(self, document: Document, position: types.Position) -> int:
        return self.positions(document).offset(*place(position))

    def span(self, document: Document, range_: types.Range) -> Span:
        return self.positions(document).span(place(range_.start), place(range_.end))
