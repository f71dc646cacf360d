"""echo: the last resort of a target. It calls nobody and shows what would be sent to whom."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from promptls.prompt.message import Message, Part
from promptls.providers.event import Answering, Event, Finish
from promptls.providers.request import Endpoint, HttpRequest, Request, UnsupportedError
from promptls.providers.shown import body_text, shown_headers
from promptls.providers.wire import Decoder, ModelInfo, Unmapped
from promptls.text.markdown import fenced

BANNER: Final = "**No model was called.** `echo` sends nothing; this is what would be sent."
_PIECE: Final = re.compile(r"\s*\S{1,60}\s*", re.S)


def echo_answer(messages: tuple[Message, ...], http: HttpRequest | None, endpoint: Endpoint | None) -> Iterator[str]:
    """The answer in Markdown, in pieces of about a word, the same each time.

    ``http`` and ``endpoint``: the request of the provider that a person named, where there is one.
    """
    text = "\n\n".join(filter(None, [BANNER, messages_view(messages), request_view(http, endpoint)]))
    for found in _PIECE.finditer(f"{text}\n"):
        yield found[0]


def messages_view(messages: tuple[Message, ...]) -> str:
    """The messages under their roles, as Markdown that shows their text as it is."""
    return "\n\n".join(f"## {message.role}\n\n{fenced(_text(message))}" for message in messages)


def request_view(http: HttpRequest | None, endpoint: Endpoint | None) -> str:
    """``wire_view`` in Markdown under a heading; empty where there is no request."""
    if http is None or endpoint is None or endpoint.service == "echo":
        return ""
    return f"## The request to {endpoint.provider}\n\n{fenced(wire_view(http, endpoint), 'http')}"


def wire_view(http: HttpRequest, endpoint: Endpoint) -> str:
    """The request as it goes over the wire: method, URL, headers with the key as ``$NAME``, the body in lines."""
    head = [f"{http.method} {http.url}", *(f"{name}: {value}" for name, value in shown_headers(http, endpoint))]
    return "\n".join(head) + (f"\n\n{body_text(http)}" if http.body else "")


def _text(message: Message) -> str:
    return "\n".join(part.value if part.type == "text" else _other(part) for part in message.parts)


def _other(part: Part) -> str:
    if part.type == "section":
        return f"(the application puts `{part.value}` here)"
    if len(part.value) > 200:
        return f"({part.type}: {part.value[:60]}… {len(part.value):,} characters)"
    return f"({part.type}: {part.value})"


def build(request: Request, endpoint: Endpoint) -> HttpRequest:
    """Nothing to send: a request without method and address."""
    return HttpRequest("", "")


def unmapped(request: Request, endpoint: Endpoint) -> tuple[Unmapped, ...]:
    return ()


class _Nothing:
    def feed(self, data: bytes) -> list[Event]:
        return []

    def end(self) -> list[Event]:
        return [Answering("echo"), Finish("stop", "echo")]


def decoder(request: Request, content_type: str) -> Decoder:
    """Fed by nothing: it ends at once."""
    return _Nothing()


def list_models(endpoint: Endpoint) -> HttpRequest:
    """Raises UnsupportedError."""
    raise UnsupportedError("models", "`echo` has no models: it calls nobody.")


def read_models(body: Any) -> tuple[ModelInfo, ...]:
    return ()
