"""Answers as they come over a network: in pieces of any size."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from typing import Any

from promptls.prompt.message import Message, Part
from promptls.providers.event import Event, Failure, Finish, TextDelta, ThinkingDelta, ToolDelta
from promptls.providers.request import Endpoint, Request
from promptls.providers.services import endpoint_of
from promptls.providers.wire import Decoder, wire_of
from promptls.workspace.running import ProviderSettings

ODD = "a\u2028b\u0085c\u2029d ☃ 🙂"
"""Line ends to some, and characters of two, three and four bytes."""


def decoded(make: Callable[[], Decoder], data: bytes, *, seed: int = 4) -> list[Event]:
    """The events, which are the same whatever the pieces are."""
    whole = _fed(make(), [data])
    for size in (1, 2, 3, 5, 7, 16, 61):
        assert _fed(make(), pieces(data, size)) == whole, f"in pieces of {size}"
    rolled = random.Random(seed)
    for _ in range(5):
        cuts = sorted(rolled.randrange(len(data) + 1) for _ in range(9))
        parts = [data[start:end] for start, end in zip([0, *cuts], [*cuts, len(data)], strict=True)]
        assert _fed(make(), parts) == whole, f"cut at {cuts}"
    return whole


def pieces(data: bytes, size: int) -> list[bytes]:
    return [data[at : at + size] for at in range(0, len(data), size)]


def _fed(decoder: Decoder, parts: list[bytes]) -> list[Event]:
    events = [event for part in parts for event in decoder.feed(part)]
    return events + decoder.end()


def decoder_of(wire: str, **request: Any) -> Callable[[], Decoder]:
    content_type = request.pop("content_type", "text/event-stream")
    asked = Request(model="m", messages=(), **request)
    return lambda: wire_of(wire).decoder(asked, content_type)


def sse(*data: Any, done: bool = False, end: str = "\n") -> bytes:
    """Each a JSON value, or ``(name of the event, JSON value)``."""
    lines = []
    for each in data:
        name, value = each if isinstance(each, tuple) else ("", each)
        lines += [f"event: {name}"] if name else []
        lines += [f"data: {json.dumps(value, ensure_ascii=False)}", ""]
    lines += ["data: [DONE]", ""] if done else []
    return (end.join(lines) + end).encode()


def text_of(events: list[Event]) -> str:
    return "".join(event.text for event in events if isinstance(event, TextDelta))


def thinking_of(events: list[Event]) -> str:
    return "".join(event.text for event in events if isinstance(event, ThinkingDelta))


def calls_of(events: list[Event]) -> dict[int, tuple[str, str, str]]:
    """``index -> (id, name, arguments)``."""
    calls: dict[int, tuple[str, str, str]] = {}
    for event in events:
        if isinstance(event, ToolDelta):
            was = calls.get(event.index, ("", "", ""))
            calls[event.index] = (was[0] or event.id, was[1] or event.name, was[2] + event.arguments)
    return calls


def last(events: list[Event]) -> Event:
    """The Finish or Failure; there is exactly one."""
    (found,) = [event for event in events if isinstance(event, (Finish, Failure))]
    return found


def prefixes(data: bytes, count: int = 60, seed: int = 4) -> Iterator[bytes]:
    rolled = random.Random(seed)
    for _ in range(count):
        yield data[: rolled.randrange(len(data))]


def damaged(data: bytes, count: int = 60, seed: int = 4) -> Iterator[bytes]:
    rolled = random.Random(seed)
    for _ in range(count):
        broken = bytearray(data)
        for _ in range(rolled.randrange(1, 6)):
            broken[rolled.randrange(len(broken))] = rolled.randrange(256)
        yield bytes(broken)


def ask(service: str, text: str = "Hi", /, **more: Any) -> tuple[Request, Endpoint]:
    """A request of one message to a service, and the service's endpoint."""
    settings = {
        key: more.pop(key)
        for key in ("base_url", "endpoint", "api_version", "region", "quirks", "headers")
        if key in more
    }
    wire = more.pop("wire", "")
    messages = more.pop("messages", (user(text),))
    request = Request(model=more.pop("model", "m"), messages=messages, **more)
    endpoint = endpoint_of(ProviderSettings(service, **settings), {}, wire=wire, operation=request.operation)
    return request, endpoint


def user(*parts: str | Part) -> Message:
    return Message("user", tuple(Part("text", part) if isinstance(part, str) else part for part in parts))


def body_of(request: Request, endpoint: Endpoint) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(wire_of(endpoint.wire).build(request, endpoint).body)
    return body
