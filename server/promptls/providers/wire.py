"""What a wire format has to answer, and where each is found."""

from __future__ import annotations

from importlib import import_module
from typing import Any, Final, NamedTuple, Protocol

from promptls.providers.event import Event
from promptls.providers.request import Endpoint, HttpRequest, Request


class ModelInfo(NamedTuple):
    """A model that a provider lists. ``window``: the tokens that fit into it, where the list says so."""

    id: str
    title: str = ""
    window: int | None = None


class Unmapped(NamedTuple):
    """A setting that the wire format has no word for: ``name`` as in ``Request.options``, and a sentence."""

    name: str
    sentence: str


class Decoder(Protocol):
    """Bytes of an answer with status 200, in pieces of any size, to events; the same events for every splitting.

    ``feed`` and ``end`` never raise: what cannot be read is a ``Failure``. ``end``: the body is over; a stream without
    its end mark is a ``Failure`` of the kind ``truncated``. After a ``Failure`` nothing more comes.
    """

    def feed(self, data: bytes) -> list[Event]: ...

    def end(self) -> list[Event]: ...


class Wire(Protocol):
    """A module of this room: pure functions, no I/O."""

    def build(self, request: Request, endpoint: Endpoint) -> HttpRequest:
        """Raises UnsupportedError."""

    def unmapped(self, request: Request, endpoint: Endpoint) -> tuple[Unmapped, ...]: ...

    def decoder(self, request: Request, content_type: str) -> Decoder:
        """For the answer to that request; ``content_type`` tells a stream from one document."""

    def list_models(self, endpoint: Endpoint) -> HttpRequest: ...

    def read_models(self, body: Any) -> tuple[ModelInfo, ...]:
        """Of the parsed JSON; empty where it is not a list of models. Never raises."""


WIRES: Final = {
    "openai-chat": "openai_chat",
    "openai-responses": "openai_responses",
    "anthropic": "anthropic",
    "gemini": "gemini",
    "bedrock": "bedrock",
    "ollama": "ollama",
    "cohere": "cohere",
    "echo": "echo",
}


def wire_of(name: str) -> Wire:
    """The wire format of that name, imported when it is first needed. Raises KeyError."""
    module: Any = import_module(f"promptls.providers.{WIRES[name]}")
    return module  # type: ignore[no-any-return]
