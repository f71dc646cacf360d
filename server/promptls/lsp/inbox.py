"""What the client sent and nobody has handled yet. The reader's thread puts in, the main thread takes out.

A cancelled request that still waits here is answered at once, by the reader, even while a handler works.
"""

from __future__ import annotations

import json
import threading
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final

from promptls.lsp.framing import Unreadable

# Cutting these off would leave the client without a server or without an end.
_NOT_CANCELLABLE: Final = ("initialize", "shutdown")


@dataclass(slots=True, eq=False)
class Incoming:
    """One message. ``data``: the decoded JSON, or why there is none. ``size``: of the body, in bytes."""

    data: Any
    size: int
    started: bool = False
    cancelled: bool = False
    stop: Callable[[], None] | None = None
    """Ends the work for an answer that comes later; called in the reader's thread."""


class Inbox:
    """``cancelled(id)`` answers a request that was cancelled while it waited; it is called in the reader's thread."""

    def __init__(self, cancelled: Callable[[str | int], None]) -> None:
        self._answer_cancelled = cancelled
        self._lock = threading.Lock()
        self._waiting: deque[Incoming] = deque()
        self._requests: dict[str | int, Incoming] = {}

    def __len__(self) -> int:
        return len(self._waiting)

    def put(self, bodies: Iterable[bytes | Unreadable]) -> None:
        arrived = [_decode(body) for body in bodies]
        dropped: list[str | int] = []
        stopped: list[Callable[[], None]] = []
        with self._lock:
            for message in arrived:
                request = _request_id(message.data)
                if request is not None:
                    self._requests[request] = message
                target = _cancels(message.data)
                if target is None:
                    self._waiting.append(message)
                    continue
                cancelled = self._requests.pop(target, None)
                if cancelled is None:
                    continue
                cancelled.cancelled = True
                if not cancelled.started:
                    dropped.append(target)
                elif cancelled.stop is not None:
                    stopped.append(cancelled.stop)
        for identifier in dropped:
            self._answer_cancelled(identifier)
        for stop in stopped:
            stop()

    def take(self) -> Incoming | None:
        """The next message. It stays known until ``done``, so that a cancellation can mark it."""
        with self._lock:
            while self._waiting:
                message = self._waiting.popleft()
                if not message.cancelled:
                    message.started = True
                    return message
        return None

    def defer(self, message: Incoming, stop: Callable[[], None]) -> bool:
        """Its answer comes later: a cancellation calls ``stop``. False where it has been cancelled already."""
        with self._lock:
            message.stop = stop
            return not message.cancelled

    def done(self, message: Incoming) -> None:
        request = _request_id(message.data)
        with self._lock:
            if request is not None and self._requests.get(request) is message:
                del self._requests[request]


def _decode(body: bytes | Unreadable) -> Incoming:
    if isinstance(body, Unreadable):
        return Incoming(body, 0)
    try:
        return Incoming(json.loads(body), len(body))
    except (ValueError, RecursionError):
        return Incoming(Unreadable("A message is not valid JSON in UTF-8."), len(body))


def _request_id(data: Any) -> str | int | None:
    if not isinstance(data, dict) or data.get("method") in (None, *_NOT_CANCELLABLE):
        return None
    return identifier(data)


def _cancels(data: Any) -> str | int | None:
    if not isinstance(data, dict) or data.get("method") != "$/cancelRequest":
        return None
    params = data.get("params")
    return identifier(params) if isinstance(params, dict) else None


def identifier(data: dict[str, Any]) -> str | int | None:
    """The ``id`` where it is one that JSON-RPC allows; ``True`` is no number."""
    value = data.get("id")
    return value if isinstance(value, str | int) and not isinstance(value, bool) else None
