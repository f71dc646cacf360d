"""Google Gemini's generateContent, at Google AI and Vertex AI.

Source: google-genai 3.4.0 and ``reference/providers.md`` 1. A stream is asked for as server-sent events; it has no end
mark but the reason of its finish, and an error in it is bare JSON.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, Final
from urllib.parse import quote

from promptls.prompt.message import Message, Part
from promptls.prompt.model import Tool
from promptls.providers import parameters
from promptls.providers.event import Answering, Event, Finish, MediaDelta, TextDelta, ThinkingDelta, ToolDelta, Usage
from promptls.providers.join import join
from promptls.providers.media import media_of
from promptls.providers.ndjson import SseOrWhole
from promptls.providers.parameters import merge, placed, put
from promptls.providers.payload import get, post_json
from promptls.providers.request import Endpoint, HttpRequest, Request, UnsupportedError
from promptls.providers.stream import JsonDecoder
from promptls.providers.structured import closed
from promptls.providers.turns import (
    answer_schema,
    answered,
    asks_for_any_json,
    calls_of,
    conversation,
    tool_choice,
)
from promptls.providers.wire import Decoder, ModelInfo, Unmapped

WHO: Final = "Gemini"
FINISH: Final[Mapping[str, str]] = {
    "STOP": "stop",
    "MAX_TOKENS": "length",
    "FUNCTION_CALL": "tool_calls",
    **dict.fromkeys(
        (
            *("SAFETY", "RECITATION", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII", "MODEL_ARMOR", "JAILBREAK"),
            *("IMAGE_SAFETY", "IMAGE_PROHIBITED_CONTENT", "IMAGE_RECITATION"),
        ),
        "content_filter",
    ),
}
SERVER_TOOLS: Final = ("codeExecution", "urlContext", "googleSearch", "googleSearchRetrieval", "googleMaps")
"""Tools of Google's own: Genkit's files switch them on with ``true`` or settings, the API has them among the tools."""
_ROLES: Final = {"assistant": "model"}
_OTHERWISE: Final = {"image": "image/png", "audio": "audio/wav", "file": "application/pdf"}


def build(request: Request, endpoint: Endpoint) -> HttpRequest:
    """Raises UnsupportedError."""
    if request.operation != "chat":
        raise UnsupportedError(
            "operation", f"{WHO} has no operation `{request.operation}` here: name another provider."
        )
    stream = request.stream and endpoint.quirks.get("stream", True) is not False
    system, turns = conversation(request, WHO)
    body: dict[str, Any] = {"contents": _contents(turns)}
    if system:
        body["systemInstruction"] = {"parts": [{"text": text} for text in system]}
    for name, path, value in placed(request, endpoint):
        _set(body, name, path, value)
    if request.tools:
        body["tools"] = [{"functionDeclarations": [_function(tool) for tool in request.tools]}]
    schema = answer_schema(request)
    if schema is not None:
        put(body, "generationConfig.responseMimeType", "application/json")
        put(body, "generationConfig.responseJsonSchema", dict(schema))
    elif asks_for_any_json(request):
        put(body, "generationConfig.responseMimeType", "application/json")
    _add(body, request.extra)
    http = post_json(
        endpoint, _path(request.model, "streamGenerateContent" if stream else "generateContent"), body, stream=stream
    )
    return replace(http, url=join(http.url, "", {"alt": "sse"})) if stream else http


def unmapped(request: Request, endpoint: Endpoint) -> tuple[Unmapped, ...]:
    return parameters.unmapped(request, endpoint)


def _path(model: str, method: str) -> str:
    """``models/`` stands before a bare name; tuned models and those of other folders bring their own."""
    named = model if model.startswith(("models/", "tunedModels/", "endpoints/")) else f"models/{model}"
    return f"{quote(named, safe='/@-._~')}:{method}"


def _set(body: dict[str, Any], name: str, path: str, value: Any) -> None:
    match name:
        case "response_format":
            return
        case "tool_choice":
            chosen = tool_choice(value)
            if chosen is not None:
                word, tool = chosen
                mode = {"auto": "AUTO", "none": "NONE"}.get(word, "ANY")
                value = {"mode": mode, **({"allowedFunctionNames": [tool]} if tool else {})}
            put(body, path, value)
        case "reasoning_effort" if value == "none":
            put(body, "generationConfig.thinkingConfig.thinkingBudget", 0)
        case "reasoning_effort":
            put(body, path, value.upper() if isinstance(value, str) else value)
        case _:
            put(body, path, value)


def _add(body: dict[str, Any], extra: Mapping[str, Any]) -> None:
    """What is in Gemini's own words; its own tools join the functions."""
    own = {name: extra[name] for name in SERVER_TOOLS if name in extra}
    merge(body, {name: value for name, value in extra.items() if name not in own})
    for name, value in own.items():
        if value:
            body["tools"] = [*body.get("tools", ()), {name: dict(value) if isinstance(value, Mapping) else {}}]


def _contents(turns: tuple[Message, ...]) -> list[dict[str, Any]]:
    names: dict[str, str] = {}
    found = []
    for turn in turns:
        calls = calls_of(turn)
        names |= {call.id: call.name for call in calls}
        parts = [_part(part) for part in turn.parts]
        if turn.role == "tool":
            # The API knows an answer by the function's name, not by the call's.
            name = str(turn.metadata.get("name") or "") or names.get(answered(turn, WHO), "")
            parts = [{"functionResponse": {"name": name, "response": {"result": turn.text}}}]
        parts += [{"functionCall": {"name": call.name, "args": dict(call.arguments)}} for call in calls]
        found.append({"role": "user" if turn.role == "tool" else _ROLES.get(turn.role, turn.role), "parts": parts})
    return found


def _part(part: Part) -> dict[str, Any]:
    if part.type == "text":
        return {"text": part.value}
    if part.type not in _OTHERWISE:
        raise UnsupportedError(part.type, f"{WHO} has no word for a part of the kind `{part.type}`: take it out.")
    media = media_of(part, _OTHERWISE[part.type])
    if media.url:
        return {"fileData": {"mimeType": media.media_type, "fileUri": media.url}}
    return {"inlineData": {"mimeType": media.media_type, "data": media.data}}


def _function(tool: Tool) -> dict[str, Any]:
    about = {"description": tool.description} if tool.description else {}
    return {"name": tool.name, **about, "parametersJsonSchema": closed(tool.parameters)}


def decoder(request: Request, content_type: str) -> Decoder:
    return JsonDecoder(SseOrWhole(), ContentReader())


def list_models(endpoint: Endpoint) -> HttpRequest:
    return get(endpoint, "models")


def read_models(body: Any) -> tuple[ModelInfo, ...]:
    """Google AI's list, and Vertex AI's of publisher models. Without those that answer no prompt."""
    listed = (body.get("models") or body.get("publisherModels")) if isinstance(body, Mapping) else None
    return tuple(
        ModelInfo(each["name"].rpartition("models/")[2], str(each.get("displayName") or ""), _window(each))
        for each in (listed if isinstance(listed, list) else ())
        if isinstance(each, Mapping)
        and isinstance(each.get("name"), str)
        and "generateContent" in (each.get("supportedGenerationMethods") or ["generateContent"])
    )


def _window(model: Mapping[str, Any]) -> int | None:
    value = model.get("inputTokenLimit")
    return value if isinstance(value, int) and not isinstance(value, bool) else None


class ContentReader:
    """Only the first candidate counts. ``output`` of the usage holds the thinking, as elsewhere."""

    def __init__(self) -> None:
        self.ended = False
        self._finish: Finish | None = None
        self._named = False
        self._calls = 0
        self._usage: dict[str, Any] = {}

    def event(self, name: str, data: Any) -> Iterable[Event]:
        if not self._named and (data.get("modelVersion") or data.get("responseId")):
            self._named = True
            yield Answering(str(data.get("modelVersion") or ""), str(data.get("responseId") or ""))
        for candidate in (data.get("candidates") or ())[:1]:
            yield from self._candidate(candidate)
        blocked = (data.get("promptFeedback") or {}).get("blockReason")
        if blocked:
            self._finish = Finish("content_filter", f"the prompt: {blocked}")
        if data.get("usageMetadata"):
            yield self._counted(data["usageMetadata"])

    def whole(self, data: Any) -> Iterable[Event]:
        """One answer, or the list of all chunks, which a stream is that nobody asked for as events."""
        for each in data if isinstance(data, list) else [data]:
            yield from self.event("", each)
        if self._finish is None and not isinstance(data, list) and data.get("candidates"):
            self._finish = Finish("other")

    def end(self) -> Iterable[Event]:
        # The reason may come before the last text and the usage, so it is told when all has come.
        if self._finish is None:
            return
        self.ended = True
        yield self._finish

    def _candidate(self, candidate: Mapping[str, Any]) -> Iterator[Event]:
        for part in (candidate.get("content") or {}).get("parts") or ():
            yield from self._part(part)
        reason = candidate.get("finishReason")
        if reason and reason != "FINISH_REASON_UNSPECIFIED":
            kind = FINISH.get(reason, "other")
            message = candidate.get("finishMessage")
            raw = f"{reason}: {message}" if message else str(reason)
            self._finish = Finish("tool_calls" if kind == "stop" and self._calls else kind, raw)

    def _part(self, part: Mapping[str, Any]) -> Iterator[Event]:
        text = part.get("text")
        if isinstance(text, str) and text:
            yield ThinkingDelta(text) if part.get("thought") else TextDelta(text)
        call = part.get("functionCall")
        if call:
            given = json.dumps(call.get("args") or {}, ensure_ascii=False, separators=(",", ":"))
            yield ToolDelta(self._calls, str(call.get("id") or ""), str(call["name"]), given)
            self._calls += 1
        media = part.get("inlineData")
        if media and not part.get("thought"):
            kind = str(media.get("mimeType") or "application/octet-stream")
            yield MediaDelta(f"data:{kind};base64,{media['data']}", kind)

    def _counted(self, usage: Mapping[str, Any]) -> Usage:
        self._usage |= {key: value for key, value in usage.items() if isinstance(value, int)}
        known = self._usage
        thought, said = known.get("thoughtsTokenCount"), known.get("candidatesTokenCount")
        output = None if said is None and thought is None else (said or 0) + (thought or 0)
        return Usage(known.get("promptTokenCount"), output, known.get("cachedContentTokenCount"), thought)
