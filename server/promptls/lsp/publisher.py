"""When to look for findings: at once when there is nothing else to do and it is quick, together when there is.

One analysis after a burst of changes, never one of an older text. A second look with slower means follows when the
client has been quiet for a moment.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from time import perf_counter
from typing import TYPE_CHECKING, Final

from promptls.lsp.diagnostics import Outlet, diagnostics_of
from promptls.lsp.logging import log, where
from promptls.lsp.pull import Pull
from promptls.lsp.push import Push
from promptls.lsp.session import Session
from promptls.lsp.wire import types
from promptls.text import Text
from promptls.text.uris import uri_key

if TYPE_CHECKING:
    from promptls.workspace.snapshot import Snapshot

_QUICK: Final = 0.020
_FELT: Final = 0.25
_ENDLESS: Final = 1.0
_QUIET: Final = 0.3
_SLOW: Final = 0.050


class Publisher:
    """``busy()``: whether messages of the client wait to be handled."""

    def __init__(self, session: Session, loop: asyncio.AbstractEventLoop, busy: Callable[[], bool]) -> None:
        self._session = session
        self._loop = loop
        self._busy = busy
        # When to look, if nothing else waits; and when to look whatever waits.
        self._due: dict[str, tuple[float, float]] = {}
        # When the last analysis ended, and how long it took.
        self._last: dict[str, tuple[float, float]] = {}
        self._pull = Pull(session) if session.client.pulls else None
        self._outlet: Outlet = self._pull or Push(session)
        self._timer: asyncio.Handle | None = None
        self._second: asyncio.TimerHandle | None = None
        self._looked_again: dict[str, Text | None] = {}
        self._warm = False

    def changed(self, uri: str) -> None:
        """The document, or something that its findings rest on, changed."""
        self._wait_for(uri, *self._resting_on(uri))

    def all_changed(self) -> None:
        self._wait_for(*self._session.workspace.snapshot().uris())

    def clear(self, uri: str, *, closed: bool = False) -> None:
        """The document is gone: so are its findings, and those of others that rest on it are looked at again."""
        for known in (self._due, self._last, self._looked_again):
            known.pop(uri, None)
        self._outlet.clear(uri, self._session.workspace.snapshot(), closed=closed)
        self._wait_for(*self._resting_on(uri))

    def answer(self, uri: str, previous: str | None) -> types.DocumentDiagnosticReport | None:
        """The findings of a document for the client that asks for them; None where they are sent by themselves."""
        if self._pull is None:
            return None
        uri = self._session.workspace.spelling(uri)
        snapshot = self._with_known_opinion(uri, self._session.workspace.snapshot())
        gone = self._pull.is_gone(uri, snapshot)
        diagnostics = [] if gone else diagnostics_of(self._session, snapshot, uri)
        self._look_later()
        return self._pull.answer(uri, snapshot, diagnostics, previous)

    def _resting_on(self, uri: str) -> list[str]:
        snapshot, key = self._session.workspace.snapshot(), uri_key(uri)
        return [other for other in snapshot.uris() if uri_key(other) != key and key in snapshot.sources(other)]

    def _wait_for(self, *uris: str) -> None:
        now, delay = self._loop.time(), self._session.settings.delay
        for uri in map(self._session.workspace.spelling, uris):
            pause = self._pause(uri, now, delay)
            self._due.setdefault(uri, (now + pause, now + max(pause, delay)))
        self._schedule()

    def _pause(self, uri: str, now: float, delay: float) -> float:
        """How long to wait before the next analysis, in seconds: so long that half of the time is left for what the
        client asks meanwhile, and not at all where an analysis is quick or the last one was a while ago."""
        ended, cost = self._last.get(uri, (0.0, 0.0))
        if cost < _QUICK:
            return 0.0
        if cost < _FELT:
            return max(0.0, ended + cost - now)
        return cost if cost > _ENDLESS else min(cost, delay)

    def stop(self) -> None:
        for timer in (self._timer, self._second):
            if timer is not None:
                timer.cancel()
        self._due.clear()

    def _schedule(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        if self._second is not None:
            self._second.cancel()
        wait = min((due for due, _ in self._due.values()), default=0.0) - self._loop.time()
        self._timer = self._loop.call_later(wait, self._run) if wait > 0 else self._loop.call_soon(self._run)

    def _run(self) -> None:
        self._timer = None
        now, busy = self._loop.time(), self._busy()
        # What waits may be the next change of the same document.
        ready = [uri for uri, (due, latest) in self._due.items() if (latest if busy else due) <= now]
        snapshot = self._session.workspace.snapshot()
        for uri in ready:
            del self._due[uri]
            if self._outlet.wants(uri):
                self._look(uri, self._with_known_opinion(uri, snapshot))
        self._outlet.flush()
        if self._due:
            self._schedule()
        elif ready:
            self._look_later()

    def _with_known_opinion(self, uri: str, snapshot: Snapshot) -> Snapshot:
        """Second opinions of this very text are known: without them, findings would go and come back."""
        again = uri in self._looked_again and self._looked_again[uri] is snapshot.text(uri)
        return snapshot.with_second_opinion() if again else snapshot

    def _look(self, uri: str, snapshot: Snapshot) -> None:
        started = perf_counter()
        try:
            diagnostics = diagnostics_of(self._session, snapshot, uri)
        except Exception as error:
            log.error("promptls failed to look for findings; the log file says where\n%s", where(error))
            return
        seconds = perf_counter() - started
        if seconds > _SLOW:
            log.info("findings of %d characters took %d ms", len(snapshot.text(uri) or ""), seconds * 1000)
        if not snapshot.second_opinion:
            # The first analysis of a process pays for the modules that it loads; the next ones do not.
            self._last[uri] = (self._loop.time(), seconds if self._warm else 0.0)
            self._warm = True
        self._outlet.tell(uri, snapshot, diagnostics)

    def _look_later(self) -> None:
        """A second look, as soon as the client has been quiet for a moment."""
        if self._second is not None:
            self._second.cancel()
        self._second = self._loop.call_later(_QUIET, self._look_again)

    def _look_again(self) -> None:
        """The second opinions, one document at a time, as long as nothing else happens."""
        self._second = None
        snapshot = self._session.workspace.snapshot()
        known = [uri for uri in snapshot.uris() if self._outlet.knows(uri)]
        waiting = [uri for uri in known if self._looked_again.get(uri) is not snapshot.text(uri)]
        if self._due or self._busy() or not waiting:
            self._outlet.flush()
            return
        self._looked_again[waiting[0]] = snapshot.text(waiting[0])
        self._look(waiting[0], snapshot.with_second_opinion())
        self._second = self._loop.call_later(0, self._look_again)
