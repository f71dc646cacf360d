"""AWS Bedrock's Converse and ConverseStream.

Source: botocore 1.44.5 (``bedrock-runtime/2023-09-30``) and ``reference/providers.md`` 1. The request is signed by the
transport (``sigv4``) or carries a key as bearer. A stream is binary (``eventstream``); its end is ``messageStop``, and
``metadata`` with the usage comes behind it.
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
from promptls.providers.event import (
    Event,
    Failure,
    Finish,
    MediaDelta,
    TextDelta,
    ThinkingDelta,
    ToolDelta,
    Usage,
)
from promptls.providers.eventstream import EventStream, Frame
from promptls.providers.failures import failure_in
from promptls.providers.media import media_of
from promptls.providers.ndjson import Whole
from promptls.providers.parameters import merge, placed, put
from promptls.providers.payload import get, post_json
from promptls.providers.request import Endpoint, HttpRequest, Request, UnsupportedError
from promptls.providers.stream import JsonDecoder
from promptls.providers.structured import closed, schema_name
from promptls.providers.turns import (
    answer_schema,
    answered,
    asks_for_any_json,
    calls_of,
    conversation,
    tool_choice,
)
from promptls.providers.wire import Decoder, ModelInfo, Unmapped

WHO: Final = "Bedrock"
BINARY: Final = "application/vnd.amazon.eventstream"
FINISH: Final[Mapping[str, str]] = {
    "end_turn": "stop",
    "stop_sequence": "stop",
    "max_tokens": "length",
    "tool_use": "tool_calls",
    "content_filtered": "content_filter",
    "guardrail_intervened": "content_filter",
    "refusal": "refusal",
    "model_context_window_exceeded": "context",
}
_FORMATS: Final[Mapping[str, str]] = {
    "image/jpg": "jpeg",
    "audio/mpeg": "mp3",
    "audio/x-wav": "wav",
    "text/plain": "txt",
    "text/markdown": "md",
    "text/csv": "csv",
    "text/html": "html",
    "application/msword": "doc",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/vnd.ms-excel": "xls",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
}
"""Media type -> format; for all others it is what stands behind the slash."""
_BLOCKS: Final = {
    "image": ("image", "image/png"),
    "audio": ("audio", "audio/wav"),
    "file": ("document", "application/pdf"),
}


def build(request: Request, endpoint: Endpoint) -> HttpRequest:
    """Raises UnsupportedError."""
    if request.operation != "chat":
        raise UnsupportedError(
            "operation", f"{WHO} has no operation `{request.operation}` here: name another provider."
        )
    stream = request.stream and endpoint.quirks.get("stream", True) is not False
    system, turns = conversation(request, WHO)
    body: dict[str, Any] = {"messages": [_message(turn) for turn in turns]}
    if system:
        body["system"] = [{"text": text} for text in system]
    if request.tools:
        body["toolConfig"] = {"tools": [_tool(tool) for tool in request.tools]}
    for name, path, value in placed(request, endpoint):
        _set(body, name, path, value)
    schema = answer_schema(request)
    if schema is not None:
        shape = {"schema": json.dumps(schema, ensure_ascii=False), "name": schema_name(request.output_name)}
        put(body, "outputConfig.textFormat", {"type": "json_schema", "structure": {"jsonSchema": shape}})
    merge(body, request.extra)
    # A name with a colon or a slash (an ARN) is one step of the path.
    path = f"model/{quote(request.model, safe='')}/converse{'-stream' if stream else ''}"
    http = post_json(endpoint, path, body, stream=stream)
    if not stream:
        return http
    headers = tuple((name, BINARY if name == "accept" else value) for name, value in http.headers)
    return replace(http, headers=headers)


def unmapped(request: Request, endpoint: Endpoint) -> tuple[Unmapped, ...]:
    found = list(parameters.unmapped(request, endpoint))
    if asks_for_any_json(request):
        sentence = f"`response_format` is left out: {WHO} takes only the shape of an answer, so declare it as outputs."
        found.append(Unmapped("response_format", sentence))
    if _forbids_tools(request.options.get("tool_choice")):
        sentence = f"`tool_choice` is left out: {WHO} has no word for `none`; take the tools out."
        found.append(Unmapped("tool_choice", sentence))
    return tuple(found)


def _forbids_tools(value: Any) -> bool:
    chosen = tool_choice(value)
    return chosen is not None and chosen[0] == "none"


def _set(body: dict[str, Any], name: str, path: str, value: Any) -> None:
    if name == "response_format":
        return
    if name == "tool_choice":
        chosen = tool_choice(value)
        if "toolConfig" not in body or _forbids_tools(value):
            return
        if chosen is not None:
            word, tool = chosen
            value = {"tool": {"name": tool}} if tool else {"any" if word == "required" else "auto": {}}
    put(body, path, value)


def _message(turn: Message) -> dict[str, Any]:
    """A turn in blocks. A tool's answer is a turn of the user."""
    blocks = [_block(part, at) for at, part in enumerate(turn.parts, 1)]
    if turn.role == "tool":
        result = {"toolUseId": answered(turn, WHO), "content": blocks or [{"text": ""}]}
        return {"role": "user", "content": [{"toolResult": result}]}
    calls = [
        {"toolUse": {"toolUseId": call.id, "name": call.name, "input": dict(call.arguments)}} for call in calls_of(turn)
    ]
    return {"role": turn.role, "content": [*blocks, *calls]}


def _block(part: Part, at: int) -> dict[str, Any]:
    if part.type == "text":
        return {"text": part.value}
    if part.type not in _BLOCKS:
        raise UnsupportedError(part.type, f"{WHO} has no word for a part of the kind `{part.type}`: take it out.")
    kind, otherwise = _BLOCKS[part.type]
    media = media_of(part, otherwise)
    if media.url and not media.url.startswith("s3://"):
        raise UnsupportedError(
            part.type, f"{WHO} fetches nothing from the web: give the {part.type} as a file or at an `s3://` address."
        )
    source = {"s3Location": {"uri": media.url}} if media.url else {"bytes": media.data}
    about = {"format": _FORMATS.get(media.media_type, media.media_type.rpartition("/")[2]), "source": source}
    return {kind: {**about, "name": f"document {at}"} if kind == "document" else about}


def _tool(tool: Tool) -> dict[str, Any]:
    return {
        "toolSpec": {
            "name": tool.name,
            **({"description": tool.description} if tool.description else {}),
            "inputSchema": {"json": closed(tool.parameters)},
            **({"strict": True} if tool.strict else {}),
        }
    }


def decoder(request: Request, content_type: str) -> Decoder:
    """A binary stream is told by its type alone: nothing else of it can be taken for JSON."""
    reader = ConverseReader()
    return BinaryDecoder(reader) if BINARY in content_type.lower() else JsonDecoder(Whole(), reader)


def list_models(endpoint: Endpoint) -> HttpRequest:
    return get(endpoint, "foundation-models")


def read_models(body: Any) -> tuple[ModelInfo, ...]:
    """The models that write text and are not about to go."""
    listed = body.get("modelSummaries") if isinstance(body, Mapping) else None
    return tuple(
        ModelInfo(each["modelId"], str(each.get("modelName") or ""))
        for each in (listed if isinstance(listed, list) else ())
        if isinstance(each, Mapping)
        and isinstance(each.get("modelId"), str)
        and "TEXT" in (each.get("outputModalities") or ["TEXT"])
        and (each.get("modelLifecycle") or {}).get("status", "ACTIVE") == "ACTIVE"
    )


class BinaryDecoder:
    """A ``Decoder`` (see ``wire``) of frames whose headers say what they are and whose payload is JSON."""

    def __init__(self, reader: ConverseReader) -> None:
        self._frames = EventStream()
        self._reader = reader
        self._failed = False
        self._began = False

    def feed(self, data: bytes) -> list[Event]:
        events: list[Event] = []
        if self._failed or not data:
            return events
        self._began = True
        for frame in self._frames.feed(data):
            events += self._read(frame)
            if self._failed:
                return events
        if self._frames.broken:
            events += self._fail("malformed", f"A part of the answer cannot be read: {self._frames.broken}.")
        return events

    def end(self) -> list[Event]:
        if self._failed:
            return []
        events = list(self._reader.end())
        if self._reader.ended and not self._frames.pending:
            return events
        if not self._began:
            return self._fail("empty", "The answer is empty: the connection was closed at once.")
        return self._fail("truncated", "The answer broke off before its end.")

    def _read(self, frame: Frame) -> list[Event]:
        headers = frame.headers
        try:
            data = json.loads(frame.payload) if frame.payload.strip() else {}
            if headers.get(":message-type", "event") != "event":
                return self._refused(headers, data)
            return list(self._reader.event(str(headers.get(":event-type", "")), data))
        except (LookupError, TypeError, ValueError, AttributeError, RecursionError):
            return self._fail(
                "malformed", "A part of the answer cannot be read: it is not what this kind of provider sends."
            )

    def _refused(self, headers: Mapping[str, Any], data: Any) -> list[Event]:
        code = str(headers.get(":exception-type") or headers.get(":error-code") or "")
        message = data.get("message") or data.get("Message") if isinstance(data, Mapping) else None
        found = failure_in({"error": {"type": code, "message": message or headers.get(":error-message") or code}})
        self._failed = True
        return [found] if found is not None else self._fail("server", "The provider broke the answer off.")

    def _fail(self, kind: str, message: str) -> list[Event]:
        self._failed = True
        return [Failure(kind, message, retryable=kind in ("truncated", "empty"))]


class ConverseReader:
    """Usage: what was read counts with what came from and went to the cache, as elsewhere."""

    def __init__(self) -> None:
        self.ended = False
        self._finish: Finish | None = None
        self._calls: dict[Any, int] = {}
        self._silent: set[Any] = set()
        self._pictures: dict[Any, str] = {}

    def event(self, name: str, data: Any) -> Iterable[Event]:
        at = data.get("contentBlockIndex", 0)
        match name:
            case "contentBlockStart":
                start = data.get("start") or {}
                if start.get("toolUse"):
                    yield self._called(at, start["toolUse"])
                if start.get("image"):
                    self._pictures[at] = str(start["image"].get("format") or "png")
            case "contentBlockDelta":
                yield from self._delta(at, data["delta"])
            case "contentBlockStop" if at in self._silent:
                yield ToolDelta(self._calls[at], arguments="{}")
            case "messageStop":
                self._stopped(data)
            case "metadata":
                yield from _counted(data.get("usage"))

    def whole(self, data: Any) -> Iterable[Event]:
        for at, block in enumerate(data["output"]["message"]["content"]):
            call = block.get("toolUse")
            if call:
                yield self._called(at, call)
                given = json.dumps(call.get("input") or {}, ensure_ascii=False, separators=(",", ":"))
                yield ToolDelta(self._calls[at], arguments=given)
                continue
            thought = (block.get("reasoningContent") or {}).get("reasoningText") or {}
            if thought.get("text"):
                yield ThinkingDelta(thought["text"])
            if block.get("image"):
                yield _picture(str(block["image"].get("format") or "png"), block["image"]["source"])
            if block.get("text"):
                yield TextDelta(block["text"])
        yield from _counted(data.get("usage"))
        self._stopped(data)

    def end(self) -> Iterable[Event]:
        # The usage comes behind the reason, so it is told when all has come.
        if self._finish is None:
            return
        self.ended = True
        yield self._finish

    def _called(self, at: Any, call: Mapping[str, Any]) -> ToolDelta:
        self._calls[at] = len(self._calls)
        self._silent.add(at)
        return ToolDelta(self._calls[at], str(call.get("toolUseId") or ""), str(call["name"]))

    def _delta(self, at: Any, delta: Mapping[str, Any]) -> Iterator[Event]:
        if delta.get("text"):
            yield TextDelta(delta["text"])
        thought = (delta.get("reasoningContent") or {}).get("text")
        if thought:
            yield ThinkingDelta(thought)
        piece = (delta.get("toolUse") or {}).get("input")
        if piece and at in self._calls:
            self._silent.discard(at)
            yield ToolDelta(self._calls[at], arguments=piece)
        if delta.get("image"):
            yield _picture(self._pictures.get(at, "png"), delta["image"]["source"])

    def _stopped(self, data: Mapping[str, Any]) -> None:
        raw = str(data.get("stopReason") or "")
        self._finish = Finish(FINISH.get(raw, "other"), raw)


def _picture(kind: str, source: Mapping[str, Any]) -> MediaDelta:
    return MediaDelta(f"data:image/{kind};base64,{source['bytes']}", f"image/{kind}")


def _counted(usage: Mapping[str, Any] | None) -> Iterator[Event]:
    if not usage:
        return
    parts = [usage.get(name) for name in ("inputTokens", "cacheReadInputTokens", "cacheWriteInputTokens")]
    known = [part for part in parts if part is not None]
    yield Usage(sum(known) if known else None, usage.get("outputTokens"), usage.get("cacheReadInputTokens"))
