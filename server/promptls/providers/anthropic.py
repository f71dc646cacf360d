"""Anthropic Messages, which llama.cpp and Ollama speak as well.

Source: anthropic 2.12.0 and ``reference/providers.md`` 0 and 1. Since the version 2026-10-21 of the API a setting of
sampling (``temperature``, ``top_p``, ``top_k``) is refused whatever its value. A person who sets one gets what they
wrote: the request then says ``anthropic-version: 2023-06-01``, under which the models take it that ever did, and the
newer ones name it in their refusal. A service whose quirk ``anthropic_version`` pins a version is asked in that one;
where it is a newer one, settings of sampling are left out, and ``unmapped`` says so.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from promptls.prompt.message import Message, Part
from promptls.prompt.model import Tool
from promptls.providers import parameters
from promptls.providers.event import Answering, Event, Finish, TextDelta, ThinkingDelta, ToolDelta, Usage
from promptls.providers.media import media_of
from promptls.providers.ndjson import SseOrWhole
from promptls.providers.parameters import merge, placed, put
from promptls.providers.payload import get, headers_of, post_json
from promptls.providers.request import Endpoint, HttpRequest, Request, UnsupportedError
from promptls.providers.stream import JsonDecoder
from promptls.providers.structured import closed
from promptls.providers.turns import answer_schema, answered, asks_for_any_json, calls_of, conversation
from promptls.providers.turns import tool_choice as choice_of
from promptls.providers.wire import Decoder, ModelInfo, Unmapped

VERSION: Final = "2026-10-21"
WITH_SAMPLING: Final = "2023-06-01"
SAMPLING: Final = ("temperature", "top_p", "top_k")
MAX_TOKENS: Final = 4096
"""The API demands a limit; where a person sets none, Prompty's own (2.1.0 ``DEFAULT_MAX_TOKENS``)."""
FINISH: Final[Mapping[str, str]] = {
    "end_turn": "stop",
    "stop_sequence": "stop",
    "max_tokens": "length",
    "tool_use": "tool_calls",
    "refusal": "refusal",
    "model_context_window_exceeded": "context",
}
WHO: Final = "Anthropic"


def build(request: Request, endpoint: Endpoint) -> HttpRequest:
    """Raises UnsupportedError."""
    if request.operation != "chat":
        raise UnsupportedError("operation", f"{WHO} has no operation `{request.operation}`: name another provider.")
    stream = request.stream and endpoint.quirks.get("stream", True) is not False
    system, turns = conversation(request, WHO)
    body: dict[str, Any] = {"model": request.model, "messages": [_message(turn) for turn in turns]}
    if system:
        body["system"] = "\n\n".join(system)
    version = version_of(request, endpoint)
    for name, path, value in placed(request, endpoint):
        if name not in SAMPLING or version <= WITH_SAMPLING:
            _set(body, name, path, value)
    if "max_tokens" not in body:
        thinking = body.get("thinking", {}).get("budget_tokens", 0)
        body["max_tokens"] = thinking + endpoint.quirks.get("max_tokens", MAX_TOKENS)
    if request.tools:
        body["tools"] = [_tool(tool) for tool in request.tools]
    schema = answer_schema(request)
    if schema is not None:
        put(body, "output_config.format", {"type": "json_schema", "schema": without_more(schema)})
    merge(body, request.extra)
    body.pop("stream", None)
    if stream:
        body["stream"] = True
    http = post_json(endpoint, "messages", body, stream=stream)
    return _versioned(http, endpoint, version)


def version_of(request: Request, endpoint: Endpoint) -> str:
    """The version of the API to ask for."""
    pinned = endpoint.quirks.get("anthropic_version")
    if pinned:
        return str(pinned)
    return WITH_SAMPLING if any(request.options.get(name) is not None for name in SAMPLING) else VERSION


def unmapped(request: Request, endpoint: Endpoint) -> tuple[Unmapped, ...]:
    version = version_of(request, endpoint)
    refused = [name for name in SAMPLING if request.options.get(name) is not None and version > WITH_SAMPLING]
    found = [
        Unmapped(name, f"`{name}` is left out: version {version} of Anthropic's API refuses it.") for name in refused
    ]
    if asks_for_any_json(request):
        sentence = f"`response_format` is left out: {WHO} takes only the shape of an answer, so declare it as outputs."
        found.append(Unmapped("response_format", sentence))
    return (*parameters.unmapped(request, endpoint), *found)


def _versioned(http: HttpRequest, endpoint: Endpoint, version: str) -> HttpRequest:
    own = {**dict(http.headers), **dict(headers_of(endpoint, {"anthropic-version": version}))}
    return HttpRequest(http.method, http.url, tuple(own.items()), http.body, http.stream)


def _set(body: dict[str, Any], name: str, path: str, value: Any) -> None:
    match name:
        case "response_format":
            return
        case "tool_choice":
            chosen = choice_of(value)
            kinds = {"required": "any", "tool": "tool"}
            if chosen is not None:
                word, tool = chosen
                value = {"type": kinds.get(word, word), **({"name": tool} if tool else {})}
            put(body, path, {**body.get(path, {}), **value} if isinstance(value, Mapping) else value)
        case "parallel_tool_calls":
            # Only the wish for fewer has a word here, and it stands beside the choice.
            if value is False:
                body["tool_choice"] = {"type": "auto", **body.get("tool_choice", {}), "disable_parallel_tool_use": True}
        case "thinking_budget":
            kind = {0: "disabled", -1: "adaptive"}.get(value)
            body["thinking"] = {"type": kind} if kind else {"type": "enabled", "budget_tokens": value}
        case "reasoning_effort":
            if value == "none":
                body.setdefault("thinking", {"type": "disabled"})
            else:
                put(body, path, "low" if value == "minimal" else value)
        case _:
            put(body, path, value)


def _message(turn: Message) -> dict[str, Any]:
    """A turn in blocks. A tool's answer is a turn of the user."""
    blocks = [_block(part) for part in turn.parts]
    if turn.role == "tool":
        content = turn.text if all(part.type == "text" for part in turn.parts) else blocks
        return {
            "role": "user",
            "content": [{"type": "tool_result", "tool_use_id": answered(turn, WHO), "content": content}],
        }
    calls = [
        {"type": "tool_use", "id": call.id, "name": call.name, "input": dict(call.arguments)} for call in calls_of(turn)
    ]
    return {"role": turn.role, "content": [*blocks, *calls]}


def _block(part: Part) -> dict[str, Any]:
    if part.type == "text":
        return {"type": "text", "text": part.value}
    if part.type == "image":
        media = media_of(part, "image/png")
        return {"type": "image", "source": _source(media.media_type, media.data, media.url)}
    if part.type == "file":
        media = media_of(part, "application/pdf")
        if media.data and media.media_type.startswith("text/"):
            text = base64.b64decode(media.data).decode("utf-8", "replace")
            return {"type": "document", "source": {"type": "text", "media_type": "text/plain", "data": text}}
        return {"type": "document", "source": _source(media.media_type, media.data, media.url)}
    raise UnsupportedError(part.type, f"{WHO} takes text, images and files, and no {part.type}: take it out.")


def _source(media_type: str, data: str, url: str) -> dict[str, Any]:
    return {"type": "url", "url": url} if url else {"type": "base64", "media_type": media_type, "data": data}


def _tool(tool: Tool) -> dict[str, Any]:
    schema = closed(tool.parameters)
    return {
        "name": tool.name,
        **({"description": tool.description} if tool.description else {}),
        "input_schema": {**schema, "additionalProperties": False} if tool.strict else schema,
        **({"strict": True} if tool.strict else {}),
    }


def without_more(schema: Any, depth: int = 0) -> Any:
    """With ``additionalProperties: false`` at each object that says nothing of it: the API demands it."""
    if depth > 40:
        return schema
    if isinstance(schema, list):
        return [without_more(each, depth + 1) for each in schema]
    if not isinstance(schema, Mapping):
        return schema
    found = {key: each if key in ("enum", "const") else without_more(each, depth + 1) for key, each in schema.items()}
    kinds = schema.get("type")
    if kinds == "object" or (isinstance(kinds, list) and "object" in kinds):
        found.setdefault("additionalProperties", False)
    return found


def decoder(request: Request, content_type: str) -> Decoder:
    return JsonDecoder(SseOrWhole(), MessageReader())


def list_models(endpoint: Endpoint) -> HttpRequest:
    return _versioned(get(endpoint, "models"), endpoint, str(endpoint.quirks.get("anthropic_version") or VERSION))


def read_models(body: Any) -> tuple[ModelInfo, ...]:
    """Retired models are left out: a call of one fails."""
    listed = body.get("data") if isinstance(body, Mapping) else None
    return tuple(
        ModelInfo(each["id"], str(each.get("display_name") or ""), _whole_number(each.get("max_input_tokens")))
        for each in (listed if isinstance(listed, list) else ())
        if isinstance(each, Mapping) and isinstance(each.get("id"), str) and each.get("lifecycle") != "retired"
    )


def _whole_number(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


class MessageReader:
    """Usage: what was read counts with what came from and went to the cache, as elsewhere; ``output`` is cumulative on
    the wire and holds the thinking."""

    def __init__(self) -> None:
        self.ended = False
        self._usage: dict[str, Any] = {}
        self._finish = Finish("other")
        self._calls: dict[Any, int] = {}
        self._silent: set[Any] = set()

    def event(self, name: str, data: Any) -> Iterable[Event]:
        match data["type"]:
            case "message_start":
                message = data["message"]
                yield Answering(str(message.get("model") or ""), str(message.get("id") or ""))
                yield from self._counted(message.get("usage"))
            case "content_block_start":
                yield from self._started(data.get("index", 0), data["content_block"])
            case "content_block_delta":
                yield from self._delta(data.get("index", 0), data["delta"])
            case "content_block_stop" if data.get("index", 0) in self._silent:
                yield ToolDelta(self._calls[data.get("index", 0)], arguments="{}")
            case "message_delta":
                self._stopped(data["delta"])
                yield from self._counted(data.get("usage"))
            case "message_stop":
                self.ended = True
                yield self._finish

    def whole(self, data: Any) -> Iterable[Event]:
        yield Answering(str(data.get("model") or ""), str(data.get("id") or ""))
        for at, block in enumerate(data["content"]):
            yield from self._started(at, block)
            if at in self._silent:
                given = json.dumps(block.get("input") or {}, ensure_ascii=False, separators=(",", ":"))
                yield ToolDelta(self._calls[at], arguments=given)
        yield from self._counted(data.get("usage"))
        self._stopped(data)
        self.ended = True
        yield self._finish

    def end(self) -> Iterable[Event]:
        return ()

    def _started(self, at: Any, block: Mapping[str, Any]) -> Iterator[Event]:
        match block.get("type"):
            case "text" if block.get("text"):
                yield TextDelta(block["text"])
            case "thinking" if block.get("thinking"):
                yield ThinkingDelta(block["thinking"])
            case "tool_use":
                self._calls[at] = len(self._calls)
                self._silent.add(at)
                yield ToolDelta(self._calls[at], str(block.get("id") or ""), str(block["name"]))

    def _delta(self, at: Any, delta: Mapping[str, Any]) -> Iterator[Event]:
        match delta.get("type"):
            case "text_delta" if delta["text"]:
                yield TextDelta(delta["text"])
            case "thinking_delta" if delta["thinking"]:
                yield ThinkingDelta(delta["thinking"])
            case "input_json_delta" if delta["partial_json"] and at in self._calls:
                self._silent.discard(at)
                yield ToolDelta(self._calls[at], arguments=delta["partial_json"])

    def _stopped(self, about: Mapping[str, Any]) -> None:
        raw = about.get("stop_reason")
        if raw:
            details = about.get("stop_details")
            said = details.get("explanation") if isinstance(details, Mapping) else None
            self._finish = Finish(FINISH.get(raw, "other"), f"{raw}: {said}" if said else str(raw))

    def _counted(self, usage: Mapping[str, Any] | None) -> Iterator[Event]:
        if not usage:
            return
        self._usage |= {key: value for key, value in usage.items() if value is not None}
        known = self._usage
        parts = [known.get(f"{name}input_tokens") for name in ("", "cache_creation_", "cache_read_")]
        thought = known.get("output_tokens_details") or {}
        yield Usage(
            sum(part for part in parts if part is not None) if any(part is not None for part in parts) else None,
            known.get("output_tokens"),
            known.get("cache_read_input_tokens"),
            thought.get("thinking_tokens"),
        )
