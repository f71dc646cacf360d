"""A network that answers as a test says, and runs that use it."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from promptls.providers.event import Failure
from promptls.providers.request import Endpoint, HttpRequest
from promptls.providers.transport import TransportError
from promptls.runs.database import Database
from promptls.runs.event import RunEvent, RunRecord
from promptls.runs.plan import Plan
from promptls.runs.service import Runs
from tests.runs.prompts import FakeKeys

ENDS = ("finished", "failed", "cancelled")
PATIENCE = 60.0
"""Seconds until a test gives up; nothing is expected to take this long."""
HANG = object()
"""In the place of a piece: nothing comes any more."""


@dataclass
class Reply:
    """``pieces``: of the body; HANG waits for ever, a Failure breaks the connection."""

    pieces: Iterable[Any]
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    content_type: str = "text/event-stream"

    @property
    def chunks(self) -> AsyncIterator[bytes]:
        return self._chunks()

    async def _chunks(self) -> AsyncIterator[bytes]:
        for piece in self.pieces:
            if piece is HANG:
                await asyncio.Event().wait()
            if isinstance(piece, Failure):
                raise TransportError(piece)
            yield piece


class FakeNetwork:
    """Gives its replies one after the other, the last one for ever. ``open_now``: connections that stand."""

    def __init__(self, *replies: Reply | Failure | object) -> None:
        self._replies = list(replies)
        self.requests: list[tuple[HttpRequest, Endpoint, Any]] = []
        self.open_now = 0
        self.most = 0
        self.reached = threading.Event()
        self.closed = False

    @asynccontextmanager
    async def open(self, http: HttpRequest, endpoint: Endpoint, secret: Any) -> AsyncIterator[Reply]:
        self.requests.append((http, endpoint, secret))
        reply = self._replies.pop(0) if len(self._replies) > 1 else self._replies[0]
        self.open_now += 1
        self.most = max(self.most, self.open_now)
        self.reached.set()
        try:
            if reply is HANG:
                await asyncio.Event().wait()
            if isinstance(reply, Failure):
                raise TransportError(reply)
            assert isinstance(reply, Reply)
            yield reply
        finally:
            self.open_now -= 1

    async def aclose(self) -> None:
        self.closed = True


def chat(*texts: str, done: bool = True, finish: str = "stop", usage: tuple[int, int] | None = (7, 3)) -> Reply:
    """OpenAI's stream of an answer in these pieces."""
    pieces = [_sse({"choices": [{"index": 0, "delta": {"content": text}}]}) for text in texts]
    if done:
        pieces.append(_sse({"choices": [{"index": 0, "delta": {}, "finish_reason": finish}]}))
        if usage:
            pieces.append(_sse({"choices": [], "usage": {"prompt_tokens": usage[0], "completion_tokens": usage[1]}}))
        pieces.append(b"data: [DONE]\n\n")
    return Reply(pieces)


def refused(status: int, message: str, **headers: str) -> Reply:
    body = json.dumps({"error": {"message": message, "type": "", "code": None}}).encode()
    return Reply([body], status, headers, "application/json")


def _sse(data: Any) -> bytes:
    head = {"id": "c1", "object": "chat.completion.chunk", "model": "tiny-1", **data}
    return f"data: {json.dumps(head)}\n\n".encode()


class Watch:
    """A sink that remembers, and waits for ends."""

    def __init__(self) -> None:
        self.events: list[RunEvent] = []
        self._changed = threading.Condition()

    def __call__(self, event: RunEvent) -> None:
        with self._changed:
            self.events.append(event)
            self._changed.notify_all()

    def wait_for(self, fits: Callable[[RunEvent], bool]) -> RunEvent:
        with self._changed:
            assert self._changed.wait_for(lambda: any(map(fits, self.events)), PATIENCE), self.events
            return next(event for event in self.events if fits(event))

    def wait(self, kind: str) -> RunEvent:
        return self.wait_for(lambda event: event.kind == kind)

    def end(self) -> RunRecord:
        record = self.wait_for(lambda event: event.kind in ENDS).record
        assert record is not None
        return record

    @property
    def kinds(self) -> list[str]:
        return [event.kind for event in self.events]

    @property
    def text(self) -> str:
        return "".join(event.text for event in self.events if event.kind == "delta")


@contextmanager
def running(network: FakeNetwork, folder: Path, *keys: str, **more: Any) -> Iterator[Runs]:
    runs = Runs(FakeKeys(*keys), network=lambda: network, database=lambda: Database(folder / "history.sqlite3"), **more)
    try:
        yield runs
    finally:
        runs.close()


def run(plan: Plan, network: FakeNetwork, folder: Path, *keys: str) -> tuple[RunRecord, Watch]:
    watch = Watch()
    with running(network, folder, *keys) as runs:
        runs.start(plan, watch)
        return watch.end(), watch
