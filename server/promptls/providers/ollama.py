"""Ollama's own API, which can say how large the context is; its ``/v1`` cannot, and cuts silently.

Source: ollama 0.6.3 and its pages; ``reference/providers.md`` 1a-1d. Answers are NDJSON; a tool call comes whole.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from promptls.prompt.message import Message
from promptls.providers.event import Answering, Event, Finish, MediaDelta, TextDelta, ThinkingDelta, ToolDelta, Usage
from promptls.providers.ndjson import Ndjson
from promptls.providers.openai_parts import base64_of, is_place_only, role_of, tools_of
from promptls.providers.parameters import merge, placed, put
from promptls.providers.parameters import unmapped as unmapped
from promptls.providers.payload import get, post_json
from promptls.providers.request import Endpoint, HttpRequest, Request, UnsupportedError
from promptls.providers.stream import JsonDecoder
from promptls.providers.wire import Decoder, ModelInfo


def build(request: Request, endpoint: Endpoint) -> HttpRequest:
    """Raises UnsupportedError."""
    if request.operation == "embedding":
        texts = [message.text for message in request.messages if message.text]
        body: dict[str, Any] = {"model": request.model, "input": texts[0] if len(texts) == 1 else texts}
        merge(body, request.extra)
        return post_json(endpoint, "api/embed", body, stream=False)
    if request.operation != "chat":
        raise UnsupportedError("operation", f"Ollama has no operation `{request.operation}`.")
    body = {
        "model": request.model,
        "messages": _messages(request.messages, endpoint),
    }
    for name, path, value in placed(request, endpoint):
        put(body, path, _format(value) if name == "response_format" else value)
    if request.tools:
        body["tools"] = tools_of(request.tools)
    if request.output is not None:
        body["format"] = dict(request.output)
    merge(body, request.extra)
    body["stream"] = request.stream
    return post_json(endpoint, "api/chat", body, stream=request.stream)


def _format(value: Any) -> Any:
    """``json``, or a schema: what stands for OpenAI's ways to say either."""
    kind = value.get("type") if isinstance(value, Mapping) else value
    if kind == "json_object":
        return "json"
    if kind == "json_schema" and isinstance(value, Mapping):
        wrapped = value.get("json_schema")
        return wrapped.get("schema", wrapped) if isinstance(wrapped, Mapping) else value
    return value


def _messages(messages: tuple[Message, ...], endpoint: Endpoint) -> list[dict[str, Any]]:
    """An answer of a tool goes by the tool's name, which stands in the call that it answers."""
    names = {
        call.get("id"): (call.get("function") or {}).get("name")
        for message in messages
        for call in message.metadata.get("tool_calls") or ()
    }
    return [
        _message(message, endpoint, message.metadata.get("name") or names.get(message.metadata.get("tool_call_id")))
        for message in messages
        if not is_place_only(message)
    ]


def _message(message: Message, endpoint: Endpoint, tool: str | None) -> dict[str, Any]:
    built: dict[str, Any] = {"role": role_of(message, endpoint), "content": message.text}
    images = []
    for part in message.parts:
        if part.type == "image":
            images.append(base64_of(part)[1])
        elif part.type not in ("text", "section"):
            raise UnsupportedError(part.type, f"Ollama has no word for a part of the kind `{part.type}`.")
    if images:
        built["images"] = images
    calls = message.metadata.get("tool_calls")
    if calls:
        built["tool_calls"] = [{"function": _called(call.get("function") or {})} for call in calls]
    if built["role"] == "tool" and tool:
        built["tool_name"] = tool
    return built


def _called(function: Mapping[str, Any]) -> dict[str, Any]:
    """Arguments are a map here, not a text with JSON in it."""
    arguments = function.get("arguments")
    if isinstance(arguments, str):
        try:
            arguments = json.loads(arguments or "{}")
        except ValueError:
            arguments = {}
    return {"name": function.get("name", ""), "arguments": arguments}


def decoder(request: Request, content_type: str) -> Decoder:
    return JsonDecoder(Ndjson(), _Embeddings() if request.operation == "embedding" else _Reader())


class _Embeddings:
    def __init__(self) -> None:
        self.ended = False

    def event(self, name: str, data: Any) -> Iterable[Event]:
        found = data["embeddings"]
        self.ended = True
        return [
            MediaDelta(json.dumps(found[0] if len(found) == 1 else found), "application/json"),
            Usage(data.get("prompt_eval_count")),
            Finish("stop"),
        ]

    def whole(self, data: Any) -> Iterable[Event]:
        return self.event("", data)

    def end(self) -> Iterable[Event]:
        return ()


class _Reader:
    def __init__(self) -> None:
        self.ended = False
        self._named = False
        self._calls = 0

    def event(self, name: str, data: Any) -> Iterable[Event]:
        return list(self._line(data))

    def whole(self, data: Any) -> Iterable[Event]:
        return list(self._line(data))

    def end(self) -> Iterable[Event]:
        return ()

    def _line(self, data: Mapping[str, Any]) -> Iterator[Event]:
        if not self._named and data.get("model"):
            self._named = True
            yield Answering(str(data["model"]))
        message = data.get("message") or {}
        if message.get("thinking"):
            yield ThinkingDelta(message["thinking"])
        if message.get("content"):
            yield TextDelta(message["content"])
        for call in message.get("tool_calls") or ():
            function = call["function"]
            arguments = json.dumps(function.get("arguments") or {}, ensure_ascii=False)
            yield ToolDelta(self._calls, str(call.get("id") or ""), str(function["name"]), arguments)
            self._calls += 1
        if data.get("done"):
            self.ended = True
            if data.get("prompt_eval_count") is not None or data.get("eval_count") is not None:
                yield Usage(data.get("prompt_eval_count"), data.get("eval_count"))
            raw = str(data.get("done_reason") or "stop")
            reason = {"stop": "tool_calls" if self._calls else "stop", "length": "length"}.get(raw, "other")
            yield Finish(reason, raw)


def list_models(endpoint: Endpoint) -> HttpRequest:
    return get(endpoint, "api/tags")


def read_models(body: Any) -> tuple[ModelInfo, ...]:
    listed = body.get("models") if isinstance(body, Mapping) else None
    names = (
        each.get("model") or each.get("name")
        for each in (listed if isinstance(listed, list) else ())
        if isinstance(each, Mapping)
    )
    return tuple(ModelInfo(name) for name in names if isinstance(name, str))
