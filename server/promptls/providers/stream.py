"""What the decoders of JSON wire formats share: frames to JSON to a reader's events, and every way to break."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, Final, Protocol

from promptls.providers.event import Event, Failure
from promptls.providers.failures import failure_in
from promptls.providers.sse import Frame, TooLongError

DONE: Final = "[DONE]"


class Framing(Protocol):
    """``Ndjson``, ``Whole`` or ``SseOrWhole``."""

    @property
    def whole(self) -> bool:
        """Whether a frame is the whole answer in one document, and no event of a stream."""

    def feed(self, data: bytes) -> list[Frame]: ...

    def end(self) -> list[Frame]: ...


class Reader(Protocol):
    """What one wire format makes of parsed JSON. It may raise LookupError, TypeError, ValueError and AttributeError
    on anything that is not as the format says: that is a malformed answer."""

    ended: bool
    """The answer's end has been seen."""

    def event(self, name: str, data: Any) -> Iterable[Event]:
        """One event or line of a stream; ``name`` is DONE and ``data`` None at OpenAI's end mark."""

    def whole(self, data: Any) -> Iterable[Event]:
        """The answer in one document."""

    def end(self) -> Iterable[Event]:
        """The body is over; may still set ``ended``."""


class JsonDecoder:
    """A ``Decoder`` (see ``wire``) of a framing and a reader."""

    def __init__(self, framing: Framing, reader: Reader) -> None:
        self._framing = framing
        self._reader = reader
        self._failed = False
        self._began = False

    def feed(self, data: bytes) -> list[Event]:
        if self._failed or not data:
            return []
        self._began = True
        try:
            frames = self._framing.feed(data)
        except TooLongError:
            return self._fail("malformed", "The answer is longer than promptls can hold.")
        return self._read(frames, last=False)

    def end(self) -> list[Event]:
        if self._failed:
            return []
        events = self._read(self._framing.end(), last=True)
        if not self._failed:
            events += self._reader.end()
        if self._failed or self._reader.ended:
            return events
        if not self._began:
            return [*events, *self._fail("empty", "The answer is empty: the connection was closed at once.")]
        return [*events, *self._fail("truncated", "The answer broke off before its end.")]

    def _read(self, frames: list[Frame], *, last: bool) -> list[Event]:
        events: list[Event] = []
        whole = self._framing.whole
        for frame in frames:
            try:
                events += self._events(frame, whole)
            except (LookupError, TypeError, ValueError, AttributeError, RecursionError):
                if last and not whole:
                    # A frame that the end of the body cut in two.
                    return [*events, *self._fail("truncated", "The answer broke off before its end.")]
                events += self._malformed(frame)
            if self._failed:
                break
        return events

    def _events(self, frame: Frame, whole: bool) -> Iterable[Event]:
        if frame.data.strip() == DONE:
            return list(self._reader.event(DONE, None))
        data = json.loads(frame.data)
        failure = failure_in(data)
        if failure is not None:
            self._failed = True
            return [failure]
        events = list(self._reader.whole(data) if whole else self._reader.event(frame.event, data))
        for at, event in enumerate(events):
            if isinstance(event, Failure):
                self._failed = True
                return events[: at + 1]
        return events

    def _malformed(self, frame: Frame) -> list[Event]:
        if frame.data.lstrip().startswith("<"):
            return self._fail("malformed", "A web page answers, not a model: see whether the address is right.")
        return self._fail(
            "malformed", "A part of the answer cannot be read: it is not what this kind of provider sends."
        )

    def _fail(self, kind: str, message: str) -> list[Event]:
        self._failed = True
        return [Failure(kind, message, retryable=kind in ("truncated", "empty"))]
