"""What is asked of a model, in no provider's words, and the HTTP request that a wire format makes of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from promptls.prompt.message import Message
from promptls.prompt.model import Tool


@dataclass(frozen=True, slots=True)
class Request:
    """One call of a model.

    ``operation``: ``chat``, ``image``, ``embedding``, ``speech`` or ``transcription``. ``options``: by the names of
    ``schemas/data/parameters.json``, only what a person has set. ``extra``: in the provider's own words, put into the
    body as they are. ``output``: the JSON Schema of the answer, where the model is to keep to one.
    """

    model: str
    messages: tuple[Message, ...]
    operation: str = "chat"
    options: Mapping[str, Any] = field(default_factory=dict)
    extra: Mapping[str, Any] = field(default_factory=dict)
    tools: tuple[Tool, ...] = ()
    output: Mapping[str, Any] | None = None
    output_name: str = "answer"
    stream: bool = True


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a provider is called, and how; never the key itself.

    ``provider``: the name in the configuration. ``service``: the key of ``schemas/data/services.json`` that it is of.
    ``wire``: the wire format. ``base_url``: up to the version. ``auth``: how a key is put on: ``bearer``,
    ``header:NAME``, ``sigv4`` or ``none``. ``key_name``: the name that a person knows the key by (``OPENAI_API_KEY``);
    shown as ``$OPENAI_API_KEY`` where the key would stand. ``quirks``: what this service does otherwise than its wire
    format says, by name. ``origin``: who wrote the address: ``builtin``, ``user``, ``workspace``, ``policy`` or
    ``file`` (the prompt file itself). ``timeout``: seconds without a byte.
    """

    provider: str
    service: str
    wire: str
    base_url: str
    auth: str = "bearer"
    key_name: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    quirks: Mapping[str, Any] = field(default_factory=dict)
    origin: str = "builtin"
    api_version: str = ""
    region: str = ""
    project: str = ""
    ca_file: str = ""
    timeout: float = 90.0
    starts: bool = False
    """Served by a child process of our own, whose address and key are made when a run needs it: nothing leaves this
    machine. Never of anybody's settings."""


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """``headers`` hold no key: the transport puts it on last (``auth``). ``stream``: the answer comes in pieces."""

    method: str
    url: str
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    stream: bool = False


class UnsupportedError(ValueError):
    """The request asks for something that the wire format cannot say. The text is a sentence for a person.

    ``name``: the option, part or operation that it is about.
    """

    def __init__(self, name: str, sentence: str) -> None:
        super().__init__(sentence)
        self.name = name
