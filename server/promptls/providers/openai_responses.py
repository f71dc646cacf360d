"""OpenAI Responses: named events, and an end that is an event.

Source: openai 3.54.0, llama.cpp's server; ``reference/providers.md`` 1a-1c. Nothing is kept there: ``store`` is false.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from promptls.prompt.message import Message, Part
from promptls.providers import openai_chat, openai_media
from promptls.providers.event import Answering, Event, Failure, Finish, TextDelta, ThinkingDelta, ToolDelta
from promptls.providers.failures import failure_in
from promptls.providers.ndjson import SseOrWhole
from promptls.providers.openai_chat import json_schema, response_format, usage_of
from promptls.providers.openai_parts import data_url, function_of, is_place_only, role_of
from promptls.providers.parameters import merge, placed, put
from promptls.providers.parameters import unmapped as unmapped
from promptls.providers.payload import post_json
from promptls.providers.request import Endpoint, HttpRequest, Request, UnsupportedError
from promptls.providers.stream import JsonDecoder
from promptls.providers.wire import Decoder

_CUT: Final[Mapping[str, str]] = {
    "max_output_tokens": "length",
    "max_tokens": "length",
    "content_filter": "content_filter",
}
_INSTRUCTIONS: Final = ("system", "developer")

list_models = openai_chat.list_models
read_models = openai_chat.read_models


def build(request: Request, endpoint: Endpoint) -> HttpRequest:
    """Raises UnsupportedError."""
    if request.operation != "chat":
        return openai_media.build(request, endpoint)
    instructions, rest = _parted(request.messages)
    body: dict[str, Any] = {"model": request.model}
    if instructions:
        body["instructions"] = instructions
    body["input"] = [item for message in rest for item in _items(message, endpoint)]
    chat_format = bool(endpoint.quirks.get("chat_format"))
    for name, path, value in placed(request, endpoint):
        if name == "response_format" and chat_format:
            body["response_format"] = response_format(value)
        else:
            put(body, path, _flat(name, value))
    if request.tools:
        body["tools"] = [{"type": "function", **function_of(tool)} for tool in request.tools]
    if request.output is not None:
        schema = json_schema(request, endpoint)
        if chat_format:
            body["response_format"] = {"type": "json_schema", "json_schema": schema}
        else:
            put(body, "text.format", {"type": "json_schema", **schema})
    body["store"] = False
    merge(body, request.extra)
    body.pop("stream", None)
    if request.stream:
        body["stream"] = True
    return post_json(endpoint, "responses", body, stream=request.stream)


def _parted(messages: tuple[Message, ...]) -> tuple[str, list[Message]]:
    """The instructions that stand above all, and the messages; instructions further down stay where they are."""
    first = next((at for at, message in enumerate(messages) if message.role not in _INSTRUCTIONS), len(messages))
    leading = messages[:first] if all(part.type == "text" for m in messages[:first] for part in m.parts) else ()
    return "\n\n".join(message.text for message in leading), list(messages[len(leading) :])


def _flat(name: str, value: Any) -> Any:
    """What Chat wraps in a map of its own stands flat here."""
    if name == "response_format":
        value = response_format(value)
        if isinstance(value, Mapping) and isinstance(value.get("json_schema"), Mapping):
            return {"type": "json_schema", **value["json_schema"]}
    if name == "tool_choice" and isinstance(value, Mapping) and isinstance(value.get("function"), Mapping):
        return {"type": "function", **value["function"]}
    return value


def _items(message: Message, endpoint: Endpoint) -> Iterator[dict[str, Any]]:
    if is_place_only(message):
        return
    if message.metadata.get("tool_call_id"):
        yield {"type": "function_call_output", "call_id": message.metadata["tool_call_id"], "output": message.text}
        return
    if message.parts or not message.metadata.get("tool_calls"):
        role = role_of(message, endpoint)
        yield {"role": role, "content": _content(message, "output_text" if role == "assistant" else "input_text")}
    for call in message.metadata.get("tool_calls") or ():
        function = call.get("function") or {}
        yield {
            "type": "function_call",
            "call_id": call.get("id", ""),
            "name": function.get("name", ""),
            "arguments": function.get("arguments", ""),
        }


def _content(message: Message, text: str) -> str | list[dict[str, Any]]:
    if all(part.type in ("text", "section") for part in message.parts):
        return message.text
    return [_part(part, text) for part in message.parts if part.type != "section"]


def _part(part: Part, text: str) -> dict[str, Any]:
    if part.type == "text":
        return {"type": text, "text": part.value}
    if part.type == "image":
        return {"type": "input_image", "image_url": data_url(part, "image/png"), "detail": "auto"}
    if part.type == "file":
        url = data_url(part, "application/octet-stream")
        if url.startswith("data:"):
            return {"type": "input_file", "filename": "file", "file_data": url}
        return {"type": "input_file", "file_url": url}
    raise UnsupportedError(part.type, f"OpenAI Responses has no word for a part of the kind `{part.type}`.")


def decoder(request: Request, content_type: str) -> Decoder:
    if request.operation != "chat":
        return openai_media.decoder(request, content_type)
    return JsonDecoder(SseOrWhole(), _Reader(request.options.get("max_tokens")))


class _Reader:
    def __init__(self, most: Any) -> None:
        """``most``: the tokens that the answer was allowed."""
        self.ended = False
        self._most = most if isinstance(most, int) else None
        self._named = False
        self._calls: dict[Any, int] = {}
        self._refusal: list[str] = []

    def end(self) -> Iterable[Event]:
        return ()

    def event(self, name: str, data: Any) -> Iterable[Event]:
        return list(self._event(data))

    def _event(self, data: Mapping[str, Any]) -> Iterator[Event]:
        kind = data.get("type")
        if kind in ("response.output_text.delta", "response.output_audio_transcript.delta"):
            yield TextDelta(data["delta"])
        elif kind == "response.refusal.delta":
            self._refusal.append(data["delta"])
        elif kind in ("response.reasoning_text.delta", "response.reasoning_summary_text.delta"):
            yield ThinkingDelta(data["delta"])
        elif kind == "response.output_item.added" and data["item"].get("type") == "function_call":
            item = data["item"]
            index = self._index(data.get("item_id") or item.get("id") or data.get("output_index"))
            yield ToolDelta(index, str(item.get("call_id") or item.get("id") or ""), item.get("name") or "", "")
        elif kind == "response.function_call_arguments.delta":
            yield ToolDelta(self._index(data.get("item_id") or data.get("output_index")), arguments=data["delta"])
        elif kind in ("response.created", "response.in_progress"):
            yield from self._who(data["response"])
        elif kind in ("response.completed", "response.incomplete", "response.failed"):
            yield from self._who(data["response"])
            yield from self._terminal(data["response"], bool(self._calls))

    def _index(self, item: Any) -> int:
        return self._calls.setdefault(item, len(self._calls))

    def _who(self, response: Mapping[str, Any]) -> Iterator[Event]:
        if not self._named and (response.get("model") or response.get("id")):
            self._named = True
            yield Answering(str(response.get("model") or ""), str(response.get("id") or ""))

    def _terminal(self, response: Mapping[str, Any], called: bool) -> Iterator[Event]:
        usage = response.get("usage")
        if usage:
            yield usage_of(usage)
        status = str(response.get("status") or "completed")
        if status in ("failed", "cancelled"):
            yield failure_in({"error": response.get("error")}) or Failure(
                "server", "The provider broke the answer off and gave no reason.", retryable=True
            )
            return
        self.ended = True
        if self._refusal:
            refusal = "".join(self._refusal)
            yield TextDelta(refusal)
            yield Finish("refusal", refusal)
        elif status == "incomplete":
            reason = str((response.get("incomplete_details") or {}).get("reason") or "")
            yield Finish(_CUT.get(reason, "other"), reason or status)
        elif called:
            yield Finish("tool_calls", status)
        else:
            yield Finish("length" if self._cut(usage) else "stop", status)

    def _cut(self, usage: Any) -> bool:
        """llama.cpp says ``completed`` of an answer that it cut at the last token allowed."""
        used = usage.get("output_tokens") if usage else None
        return self._most is not None and isinstance(used, int) and used >= self._most

    def whole(self, data: Any) -> Iterable[Event]:
        return list(self._whole(data))

    def _whole(self, data: Mapping[str, Any]) -> Iterator[Event]:
        yield from self._who(data)
        calls = 0
        for item in data["output"]:
            if item["type"] == "function_call":
                arguments = str(item.get("arguments") or "")
                yield ToolDelta(calls, str(item.get("call_id") or item.get("id") or ""), item["name"], arguments)
                calls += 1
            for part in item.get("summary") or () if item["type"] == "reasoning" else ():
                yield ThinkingDelta(part["text"])
            for part in item["content"] if item["type"] == "message" else ():
                if part.get("text"):
                    yield TextDelta(part["text"])
                if part.get("refusal"):
                    self._refusal.append(part["refusal"])
        yield from self._terminal(data, calls > 0)
