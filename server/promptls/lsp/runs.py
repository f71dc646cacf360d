"""The runs of this session: begun by a command, told to the client, stopped by one.

What they need is made when it is first used.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
import threading
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

from promptls.lsp.result_page import ResultPage
from promptls.text.uris import uri_key

if TYPE_CHECKING:
    from promptls.lsp.session import Session
    from promptls.prompt.model import Document, Prompt
    from promptls.runs.access import Keys
    from promptls.runs.database import Database
    from promptls.runs.event import RunEvent, RunRecord
    from promptls.runs.plan import Plan, Target
    from promptls.runs.service import Runs
    from promptls.workspace.snapshot import Snapshot

RUN_EVENT: Final = "promptls/runEvent"
_TOGETHER: Final = 0.05
"""Seconds: words that come within them are handed on as one piece, so that twenty runs do not slow typing."""
_TURN: Final = 0.001
_ENDS: Final = ("finished", "failed", "cancelled")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A run that a person asks for. ``sample`` counts from 1; ``more``: messages behind those of the prompt.
    ``only_options``: ``options`` are all that is set, as a result's header says them."""

    sample: int | None = None
    values: Mapping[str, Any] = field(default_factory=dict)
    target: str = ""
    options: Mapping[str, Any] = field(default_factory=dict)
    more: tuple[Any, ...] = ()
    only_options: bool = False


@dataclass(slots=True, eq=False)
class Running:
    """A run from the click to its end. ``target``: as lenses say it, once it is known."""

    id: str
    uri: str
    prompt: str
    page: ResultPage
    target: str = ""
    record: RunRecord | None = None
    ended: bool = False
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    answer: list[str] = field(default_factory=list)
    thinking: list[str] = field(default_factory=list)
    waiting: str = ""
    task: asyncio.Task[None] | None = None
    started: bool = False
    shown: bool = True
    """Whether its own page is opened; a comparison has one page for all."""
    refused: str = ""
    """Why it was not run."""

    def now(self) -> RunRecord | None:
        """The record with what has come so far."""
        if self.record is None or self.ended:
            return self.record
        from promptls.providers.redact import without_known

        # The pieces of a key that a server sends back are known for one only together.
        answer, thinking = without_known("".join(self.answer)), without_known("".join(self.thinking))
        return replace(self.record, answer=answer, thinking=thinking)


class SessionRuns:
    """Used from the main thread, but for ``keys`` and ``database``, which the workers use as well."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._runs: dict[str, Running] = {}
        self._pages: list[ResultPage] = []
        self._service: Runs | None = None
        self._database: Database | None = None
        self._keys: Keys | None = None
        self._keys_for: tuple[str, ...] | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._lock = threading.Lock()
        # Filled by the thread of the runs.
        self._came: deque[tuple[Running, RunEvent]] = deque()
        self._awake = False
        self._drained = 0.0

    # -- what a run needs

    def keys(self) -> Keys:
        """From any thread, once ``prepare`` was called: the first one imports what reads keys."""
        with self._lock:
            if self._keys is None:
                from promptls.lsp.keys import keys_of

                self._keys = keys_of(self._session, self._loop, self._keys_for or ())
            return self._keys

    def prepare(self) -> None:
        """In the main thread, before a worker is given something that asks for keys."""
        folders = tuple(self._session.folders.values())
        with self._lock:
            if self._keys_for != folders:
                self._keys, self._keys_for = None, folders
                self._loop = asyncio.get_running_loop() if self._session.client.own_secrets else None

    def database(self) -> Database | None:
        """None where it cannot be opened: then nothing is remembered, and everything is asked."""
        from promptls.runs.database import Database, DatabaseError

        with self._lock:
            if self._database is None:
                with contextlib.suppress(DatabaseError):
                    self._database = Database()
            return self._database

    def target_of(self, snapshot: Snapshot, document: Document, prompt: Prompt) -> Target | None:
        """What a run of the prompt would call now; None where the person's own choice leads nowhere. In a worker."""
        from promptls.actions.error import ActionError
        from promptls.actions.run import plan_target

        chosen = self._session.choices.target(document.uri, prompt.name)
        with contextlib.suppress(ActionError):
            return plan_target(document, prompt, snapshot, chosen=chosen, keys=self.keys(), environment=os.environ)
        return None

    # -- runs

    def active(self, uri: str = "") -> list[Running]:
        """The runs that go on, the oldest first: all, or those of a prompt or of their own page.

        One that has ended is none of them while its page is still brought to its end: nothing is left to stop.
        """
        key = uri_key(uri) if uri else ""
        going = (one for one in self._runs.values() if not one.ended)
        return [one for one in going if not key or key in (uri_key(one.uri), uri_key(one.page.uri))]

    def carries(self, run: str, page: str) -> bool:
        """Whether the run goes on here, or its page is still brought to its end."""
        return run in self._runs or any(uri_key(one.uri) == uri_key(page) for one in self._pages)

    def begin(
        self, document: Document, prompt: Prompt, wanted: Wanted, snapshot: Snapshot, *, shown: bool = True
    ) -> Running:
        """Start to plan a run; it is asked, sent and shown beside all requests."""
        from promptls.lsp.running import carry_out
        from promptls.runs.keeping import place_of
        from promptls.runs.service import new_run_id

        self.prepare()
        run = new_run_id()
        page = ResultPage(self._session, place_of(self._session.folder_of(document.uri), prompt.name, run))
        one = Running(run, document.uri, prompt.name, page, shown=shown)
        self._runs[run] = one
        one.task = self._session.tasks.start(
            carry_out(self._session, one, document, prompt, wanted, snapshot), "promptls.run"
        )
        one.task.add_done_callback(lambda _: self._ended(one))
        self._session.refresh()
        return one

    def send(self, one: Running, plan: Plan) -> None:
        """Start a run all of whose questions are answered."""
        loop = asyncio.get_running_loop()

        def sink(event: RunEvent) -> None:
            self._came.append((one, event))
            if not self._awake:
                self._awake = True
                with contextlib.suppress(RuntimeError):  # the loop has ended
                    loop.call_soon_threadsafe(self._drain_soon)

        one.started = True
        self._pages.append(one.page)
        self.service().start(plan, sink, run=one.id)

    def service(self) -> Runs:
        if self._service is None:
            from promptls.runs.service import Runs

            # Between two threads of Python at work the one that answers the editor waits 5 ms for its turn, else.
            sys.setswitchinterval(_TURN)
            self._service = Runs(self.keys())
        return self._service

    def cancel(self, run: str) -> bool:
        one = self._runs.get(run)
        if one is None:
            return False
        if one.started and self._service is not None:
            return self._service.cancel(run)
        if one.task is not None:
            one.task.cancel()
        self.tell(one, "cancelled", "Stopped before anything was sent.")
        return True

    def tell(self, one: Running, kind: str, text: str = "", **more: Any) -> None:
        """``promptls/runEvent``, to a client that wants them."""
        if self._session.client.own_runs:
            told = {"run": one.id, "kind": kind, "uri": self._session.workspace.spelling(one.uri), "page": one.page.uri}
            self._session.connection.tell(RUN_EVENT, {**told, **({"text": text} if text else {}), **more})

    def saved(self, uri: str) -> None:
        for page in self._pages:
            if uri_key(page.uri) == uri_key(uri):
                page.saved()

    def closed(self, uri: str) -> None:
        """A document was closed; called while its text is still known."""
        for page in self._pages:
            if uri_key(page.uri) == uri_key(uri):
                page.closed()
        self._let_go(uri)

    def stop(self) -> None:
        """The client is leaving: runs end, and what is on no disk yet is written."""
        if self._service is not None:
            self._service.close()
        if self._database is not None:
            self._database.close()
        self._drain()
        for page in self._pages:
            page.closed()

    def _drain_soon(self) -> None:
        """At once after a pause, else together with what comes in the next moment."""
        loop = asyncio.get_running_loop()
        loop.call_later(max(0.0, self._drained + _TOGETHER - loop.time()), self._drain)

    def _drain(self) -> None:
        """Hand on what came; words that came together as one piece."""
        self._awake = False
        self._drained = asyncio.get_running_loop().time()
        pieces: dict[str, list[tuple[Running, RunEvent]]] = {}
        while self._came:
            one, event = self._came.popleft()
            pieces.setdefault(one.id, []).append((one, event))
        for of_run in pieces.values():
            for kind, group in groupby(of_run, lambda each: each[1].kind):
                together = list(group)
                one, first = together[0]
                if kind in ("delta", "thinking"):
                    self._happened(one, replace(first, text="".join(event.text for _, event in together)))
                    continue
                for _, event in together:
                    self._happened(one, event)

    def _happened(self, one: Running, event: RunEvent) -> None:
        more: dict[str, Any] = {"data": dict(event.data)} if event.data else {}
        if event.kind == "started":
            one.record = event.record
        elif event.kind == "delta":
            one.answer.append(event.text)
        elif event.kind == "thinking":
            one.thinking.append(event.text)
        elif event.kind == "waiting":
            one.waiting = event.text
        elif event.kind in _ENDS:
            from promptls.runs.history import as_data

            one.record, one.ended = event.record, True
            self._session.refresh()
            if event.record is not None:
                one.page.is_now(event.record)
                more["record"] = as_data(replace(event.record, messages=()))
        self.tell(one, event.kind, event.text, **more)
        one.changed.set()

    def _let_go(self, uri: str) -> None:
        """A page that is over holds prompt, answer and pictures of its run: it is forgotten."""
        key = uri_key(uri)
        self._pages = [page for page in self._pages if uri_key(page.uri) != key or not page.is_over()]

    def _ended(self, one: Running) -> None:
        self._runs.pop(one.id, None)
        if not self._session.workspace.is_open(one.page.uri):
            self._let_go(one.page.uri)
        with contextlib.suppress(RuntimeError):
            self._session.refresh()
