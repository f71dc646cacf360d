"""Cohere v2: OpenAI's messages, its own events.

Source: cohere 7.3.1 (``v2_chat_stream``, ``v2_embed``); ``reference/providers.md`` 1b and 1c.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from promptls.providers.event import (
    Answering,
    Event,
    Failure,
    Finish,
    MediaDelta,
    TextDelta,
    ThinkingDelta,
    ToolDelta,
    Usage,
)
from promptls.providers.failures import failure_in
from promptls.providers.ndjson import SseOrWhole
from promptls.providers.openai_chat import response_format
from promptls.providers.openai_parts import messages_of, tools_of
from promptls.providers.parameters import merge, placed, put
from promptls.providers.parameters import unmapped as unmapped
from promptls.providers.payload import get, post_json
from promptls.providers.request import Endpoint, HttpRequest, Request, UnsupportedError
from promptls.providers.stream import JsonDecoder
from promptls.providers.wire import Decoder, ModelInfo

_FINISH: Final[Mapping[str, str]] = {
    "COMPLETE": "stop",
    "STOP_SEQUENCE": "stop",
    "MAX_TOKENS": "length",
    "TOOL_CALL": "tool_calls",
    "ERROR_TOXIC": "content_filter",
    "ERROR_LIMIT": "context",
}
_CHOICES: Final[Mapping[str, str]] = {"required": "REQUIRED", "any": "REQUIRED", "none": "NONE"}


def build(request: Request, endpoint: Endpoint) -> HttpRequest:
    """Raises UnsupportedError."""
    if request.operation == "embedding":
        texts = [message.text for message in request.messages if message.text]
        body: dict[str, Any] = {"model": request.model, "texts": texts}
        # Both must be there; what the person sets goes on top.
        body |= {"input_type": "search_document", "embedding_types": ["float"]}
        merge(body, request.extra)
        return post_json(endpoint, "embed", body, stream=False)
    if request.operation != "chat":
        raise UnsupportedError("operation", f"Cohere has no operation `{request.operation}`.")
    body = {"model": request.model, "messages": messages_of(request.messages, endpoint)}
    for name, path, value in placed(request, endpoint):
        put(body, path, _said(name, value))
    if "token_budget" in (body.get("thinking") or {}):
        put(body, "thinking.type", "enabled")
    if body.get("tool_choice") == "":
        del body["tool_choice"]
    if request.tools:
        body["tools"] = tools_of(request.tools)
    if request.output is not None:
        body["response_format"] = {"type": "json_object", "json_schema": dict(request.output)}
    merge(body, request.extra)
    body["stream"] = request.stream
    return post_json(endpoint, "chat", body, stream=request.stream)


def _said(name: str, value: Any) -> Any:
    if name == "tool_choice":
        # Cohere has no word for "auto": that is what it does when nothing is said.
        return _CHOICES.get(value, "") if isinstance(value, str) else value
    return _form(response_format(value)) if name == "response_format" else value


def _form(value: Any) -> Any:
    """A schema stands bare, under a type that is also that of any JSON."""
    wrapped = value.get("json_schema") if isinstance(value, Mapping) else None
    if isinstance(wrapped, Mapping) and isinstance(wrapped.get("schema"), Mapping):
        return {"type": "json_object", "json_schema": wrapped["schema"]}
    return value


def decoder(request: Request, content_type: str) -> Decoder:
    return JsonDecoder(SseOrWhole(), _Embeddings() if request.operation == "embedding" else _Reader())


class _Embeddings:
    def __init__(self) -> None:
        self.ended = False

    def event(self, name: str, data: Any) -> Iterable[Event]:
        return self.whole(data)

    def whole(self, data: Any) -> Iterable[Event]:
        by_type = data["embeddings"]
        found = by_type if isinstance(by_type, list) else next(value for value in by_type.values() if value)
        self.ended = True
        billed = ((data.get("meta") or {}).get("billed_units") or {}).get("input_tokens")
        vectors = json.dumps(found[0] if len(found) == 1 else found)
        return [MediaDelta(vectors, "application/json"), Usage(_count(billed)), Finish("stop")]

    def end(self) -> Iterable[Event]:
        return ()


class _Reader:
    def __init__(self) -> None:
        self.ended = False

    def event(self, name: str, data: Any) -> Iterable[Event]:
        return list(self._event(str(data.get("type") or name), data))

    def end(self) -> Iterable[Event]:
        return ()

    def _event(self, kind: str, data: Mapping[str, Any]) -> Iterator[Event]:
        delta = data.get("delta") or {}
        message = delta.get("message") or {}
        if kind == "message-start":
            yield Answering("", str(data.get("id") or ""))
        elif kind in ("content-start", "content-delta"):
            content = message.get("content") or {}
            if content.get("thinking"):
                yield ThinkingDelta(content["thinking"])
            if content.get("text"):
                yield TextDelta(content["text"])
        elif kind == "tool-plan-delta":
            yield ThinkingDelta(message["tool_plan"])
        elif kind in ("tool-call-start", "tool-call-delta"):
            call = message["tool_calls"]
            function = call.get("function") or {}
            yield ToolDelta(
                int(data.get("index") or 0),
                str(call.get("id") or ""),
                str(function.get("name") or ""),
                str(function.get("arguments") or ""),
            )
        elif kind == "message-end":
            yield from self._ended(delta)

    def whole(self, data: Any) -> Iterable[Event]:
        return list(self._whole(data))

    def _whole(self, data: Mapping[str, Any]) -> Iterator[Event]:
        message = data["message"]
        yield Answering("", str(data.get("id") or ""))
        if message.get("tool_plan"):
            yield ThinkingDelta(message["tool_plan"])
        for part in message.get("content") or ():
            if part.get("thinking"):
                yield ThinkingDelta(part["thinking"])
            if part.get("text"):
                yield TextDelta(part["text"])
        for at, call in enumerate(message.get("tool_calls") or ()):
            function = call["function"]
            yield ToolDelta(at, str(call.get("id") or ""), function["name"], str(function.get("arguments") or ""))
        yield from self._ended(data)

    def _ended(self, told: Mapping[str, Any]) -> Iterator[Event]:
        usage = told.get("usage") or {}
        tokens = usage.get("tokens") or usage.get("billed_units")
        if tokens:
            cached = usage.get("cached_tokens")
            yield Usage(_count(tokens.get("input_tokens")), _count(tokens.get("output_tokens")), _count(cached))
        raw = str(told.get("finish_reason") or "")
        if raw in ("ERROR", "TIMEOUT"):
            message = told.get("error") or "The provider broke the answer off with an error of its own."
            found = failure_in({"error": {"type": "server_error", "message": str(message)}})
            yield found or Failure("server", "", retryable=True)
            return
        self.ended = True
        yield Finish(_FINISH.get(raw, "other"), raw)


def _count(value: Any) -> int | None:
    """Cohere counts in floats."""
    return int(value) if isinstance(value, (int, float)) else None


def list_models(endpoint: Endpoint) -> HttpRequest:
    return get(endpoint, "models")


def read_models(body: Any) -> tuple[ModelInfo, ...]:
    listed = body.get("models") if isinstance(body, Mapping) else None
    return tuple(
        ModelInfo(each["name"], "", _count(each.get("context_length")))
        for each in (listed if isinstance(listed, list) else ())
        if isinstance(each, Mapping) and isinstance(each.get("name"), str)
    )
