"""Publishes findings: at once when there is nothing else to do and it is quick, together when there is.

One analysis after a burst of changes, never one of an older text, nothing twice. A second look with slower
means follows when the client has been quiet for a moment.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from time import perf_counter
from typing import TYPE_CHECKING, Final

from promptls.lsp.logging import log, where
from promptls.lsp.session import Context, Session
from promptls.lsp.to_lsp import locations, range_of
from promptls.lsp.wire import types
from promptls.text import Location, Text
from promptls.text.uris import uri_key

if TYPE_CHECKING:
    from promptls.prompt.model import Document
    from promptls.rules.finding import Finding
    from promptls.workspace.snapshot import Snapshot

SOURCE: Final = "promptls"
_QUICK: Final = 0.020
_FELT: Final = 0.1
_ENDLESS: Final = 1.0
_QUIET: Final = 0.3
_SLOW: Final = 0.050
_TAGS: Final = {"unnecessary": types.DiagnosticTag.Unnecessary, "deprecated": types.DiagnosticTag.Deprecated}


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
        self._sent: dict[str, tuple[int | None, list[types.Diagnostic]]] = {}
        self._timer: asyncio.Handle | None = None
        self._second: asyncio.TimerHandle | None = None
        self._looked_again: dict[str, Text | None] = {}
        self._warm = False

    def changed(self, uri: str) -> None:
        """The document, or something that its findings rest on, changed."""
        self._wait_for(uri, *self._resting_on(uri))

    def all_changed(self) -> None:
        self._wait_for(*self._session.workspace.snapshot().uris())

    def clear(self, uri: str) -> None:
        """The document is gone: so are its findings, and those of others that rest on it are looked at again."""
        for known in (self._due, self._last, self._looked_again):
            known.pop(uri, None)
        if self._sent.pop(uri, None) is not None:
            self._send(uri, None, [])
        self._wait_for(*self._resting_on(uri))

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
            # Second opinions of this very text are known: without them, findings would go and come back.
            again = uri in self._looked_again and self._looked_again[uri] is snapshot.text(uri)
            self._publish(uri, snapshot.with_second_opinion() if again else snapshot)
        if self._due:
            self._schedule()
        elif ready:
            self._second = self._loop.call_later(_QUIET, self._look_again)

    def _publish(self, uri: str, snapshot: Snapshot) -> None:
        started = perf_counter()
        context = Context(self._session, snapshot)
        try:
            document = snapshot.document(uri)
            found = self._session.findings(document, snapshot) if document else ()
            diagnostics = [diagnostic_of(context, document, finding) for finding in found] if document else []
        except Exception as error:
            log.error("promptls failed to look for findings; the log file says where\n%s", where(error))
            return
        seconds = perf_counter() - started
        if seconds > _SLOW:
            log.info("findings of %d characters took %d ms", _size(document), seconds * 1000)
        if not snapshot.second_opinion:
            # The first analysis of a process pays for the modules that it loads; the next ones do not.
            self._last[uri] = (self._loop.time(), seconds if self._warm else 0.0)
            self._warm = True
        version = snapshot.version(uri)
        if self._sent.get(uri) != (version, diagnostics):
            self._sent[uri] = (version, diagnostics)
            self._send(uri, version, diagnostics)

    def _look_again(self) -> None:
        """The second opinions, one document at a time, as long as nothing else happens."""
        self._second = None
        snapshot = self._session.workspace.snapshot()
        waiting = [uri for uri in snapshot.uris() if self._looked_again.get(uri) is not snapshot.text(uri)]
        if self._due or self._busy() or not waiting:
            return
        self._looked_again[waiting[0]] = snapshot.text(waiting[0])
        if waiting[0] in self._sent:
            self._publish(waiting[0], snapshot.with_second_opinion())
        self._second = self._loop.call_later(0, self._look_again)

    def _send(self, uri: str, version: int | None, diagnostics: list[types.Diagnostic]) -> None:
        params = types.PublishDiagnosticsParams(uri, diagnostics, version=version)
        self._session.connection.notify(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS, params)


def diagnostic_of(ctx: Context, document: Document, finding: Finding) -> types.Diagnostic:
    """A finding as LSP has it. One that lies in another file stands on the first line and points there."""
    client = ctx.client
    related = list(finding.related)
    span = finding.location.span
    if uri_key(finding.location.uri) != uri_key(document.uri):
        related.insert(0, (finding.location, "Here"))
        span = document.text.line_span(0)
    tags = [_TAGS[tag] for tag in finding.tags if tag in _TAGS and _TAGS[tag].value in client.diagnostic_tags]
    return types.Diagnostic(
        range=range_of(ctx.positions(document), span),
        message=finding.message,
        severity=types.DiagnosticSeverity(finding.severity) if finding.severity else None,
        code=finding.code,
        source=SOURCE,
        tags=tags or None,
        related_information=_related(ctx, related) if client.related_information and related else None,
    )


def _related(ctx: Context, related: list[tuple[Location, str]]) -> list[types.DiagnosticRelatedInformation]:
    places = locations(ctx, (location for location, _ in related))
    messages = (message for _, message in related)
    return [types.DiagnosticRelatedInformation(*both) for both in zip(places, messages, strict=True)]


def _size(document: Document | None) -> int:
    return len(document.text) if document else 0
