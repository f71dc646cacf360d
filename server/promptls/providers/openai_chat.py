"""OpenAI Chat Completions: what OpenAI, Azure, Mistral, GitHub, Hugging Face and nearly every local server speak.

Source: openai 3.54.0 and llama.cpp's server, see ``reference/providers.md`` 1a-1c. The other operations of the same
API (images, embeddings, audio) are in ``openai_media``.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from promptls.providers import openai_media
from promptls.providers.event import Answering, Event, Failure, Finish, TextDelta, ThinkingDelta, ToolDelta, Usage
from promptls.providers.ndjson import SseOrWhole
from promptls.providers.openai_parts import messages_of, tools_of
from promptls.providers.parameters import merge, path_of, placed, put
from promptls.providers.parameters import unmapped as unmapped
from promptls.providers.payload import get, post_json
from promptls.providers.request import Endpoint, HttpRequest, Request
from promptls.providers.stream import DONE, JsonDecoder
from promptls.providers.structured import schema_name, strict_schema
from promptls.providers.wire import Decoder, ModelInfo

FINISH: Final[Mapping[str, str]] = {
    "stop": "stop",
    "stop_sequence": "stop",
    "eos": "stop",
    "eos_token": "stop",
    "end_turn": "stop",
    "length": "length",
    "max_tokens": "length",
    "model_length": "context",
    "tool_calls": "tool_calls",
    "function_call": "tool_calls",
    "content_filter": "content_filter",
    "refusal": "refusal",
}
"""Also what compatible servers say."""


def build(request: Request, endpoint: Endpoint) -> HttpRequest:
    """Raises UnsupportedError."""
    if request.operation != "chat":
        return openai_media.build(request, endpoint)
    stream = request.stream and endpoint.quirks.get("stream", True) is not False
    body: dict[str, Any] = {"model": request.model, "messages": messages_of(request.messages, endpoint)}
    for name, path, value in placed(request, endpoint):
        put(body, path, response_format(value) if name == "response_format" else value)
    if endpoint.quirks.get("max_tokens") and request.options.get("max_tokens") is None:
        put(body, path_of("max_tokens", endpoint) or "max_tokens", endpoint.quirks["max_tokens"])
    if request.tools:
        body["tools"] = tools_of(request.tools)
    if request.output is not None:
        body["response_format"] = {"type": "json_schema", "json_schema": json_schema(request, endpoint)}
    merge(body, request.extra)
    # Whether the answer comes in pieces is for the run to say, not for the file.
    for name in ("stream", "stream_options"):
        body.pop(name, None)
    if stream:
        body["stream"] = True
        if endpoint.quirks.get("include_usage", True):
            body["stream_options"] = {"include_usage": True}
    elif endpoint.quirks.get("stream", True) is False:
        body["stream"] = False
    if endpoint.quirks.get("deployments"):
        return _of_deployment(request, endpoint, body, stream)
    return post_json(endpoint, "chat/completions", body, stream=stream)


def _of_deployment(request: Request, endpoint: Endpoint, body: Mapping[str, Any], stream: bool) -> HttpRequest:
    path = openai_media.deployment_path(request.model, "chat/completions")
    return openai_media.with_version(post_json(endpoint, path, body, stream=stream), endpoint)


def json_schema(request: Request, endpoint: Endpoint) -> dict[str, Any]:
    """``{name, strict?, schema}`` of the answer."""
    output = request.output or {}
    strict = strict_schema(output) if endpoint.quirks.get("strict") else None
    named: dict[str, Any] = {"name": schema_name(request.output_name)}
    if strict is not None:
        named["strict"] = True
    return {**named, "schema": strict if strict is not None else dict(output)}


def response_format(value: Any) -> Any:
    return {"type": value} if isinstance(value, str) else value


def decoder(request: Request, content_type: str) -> Decoder:
    if request.operation != "chat":
        return openai_media.decoder(request, content_type)
    return JsonDecoder(SseOrWhole(), ChatReader())


def list_models(endpoint: Endpoint) -> HttpRequest:
    request = get(endpoint, "models")
    return openai_media.with_version(request, endpoint) if endpoint.quirks.get("deployments") else request


def read_models(body: Any) -> tuple[ModelInfo, ...]:
    """OpenAI's ``{data: [{id}]}``; GitHub's catalogue is the list alone; windows as the compatible servers say them."""
    listed = body.get("data", body.get("models")) if isinstance(body, Mapping) else body
    return tuple(
        ModelInfo(each["id"], str(each.get("display_name") or each.get("name") or ""), _window(each))
        for each in (listed if isinstance(listed, list) else ())
        if isinstance(each, Mapping) and isinstance(each.get("id"), str)
    )


def _window(model: Mapping[str, Any]) -> int | None:
    places = (
        (model, ("context_length", "max_context_length", "context_window", "max_model_len")),
        (model.get("limits"), ("max_input_tokens",)),
        (model.get("meta"), ("n_ctx", "n_ctx_train")),
    )
    for where, names in places:
        if isinstance(where, Mapping):
            for name in names:
                if isinstance(where.get(name), int):
                    return int(where[name])
    return None


class ChatReader:
    def __init__(self) -> None:
        self.ended = False
        self._named = False
        self._refusal: list[str] = []
        self._finished = False
        self._calls: list[str] = []

    def event(self, name: str, data: Any) -> Iterable[Event]:
        if name == DONE:
            self.ended = True
            return () if self._finished else self._finish("stop", DONE)
        return list(self._chunk(data, "delta"))

    def whole(self, data: Any) -> Iterable[Event]:
        if not data["choices"]:
            return [Failure("empty", "The provider sent no answer.")]
        events = list(self._chunk(data, "message"))
        if not self._finished:
            events += self._finish("other", "")
        return events

    def end(self) -> Iterable[Event]:
        # A refusal says all that there is to say, even where the end mark is missing.
        return self._finish("refusal", "") if self._refusal and not self._finished else ()

    def _chunk(self, data: Mapping[str, Any], key: str) -> Iterator[Event]:
        if not self._named and (data.get("model") or data.get("id")):
            self._named = True
            yield Answering(str(data.get("model") or ""), str(data.get("id") or ""))
        choices = data.get("choices") or ()
        for choice in choices:
            if choice.get("index", 0):
                continue
            yield from self._delta(choice.get(key) or choice.get("message") or {})
            reason = choice.get("finish_reason")
            if reason == "error":
                yield Failure("server", "The provider broke the answer off with an error of its own.", retryable=True)
            elif reason and not self._finished:
                yield from self._finish(FINISH.get(str(reason), "other"), str(reason))
        usage = data.get("usage")
        if usage:
            yield usage_of(usage)

    def _delta(self, delta: Mapping[str, Any]) -> Iterator[Event]:
        thought = delta.get("reasoning_content") or delta.get("reasoning")
        if thought and isinstance(thought, str):
            yield ThinkingDelta(thought)
        content = delta.get("content")
        if isinstance(content, str):
            if content:
                yield TextDelta(content)
        elif content:
            yield from _parts(content)
        if delta.get("refusal"):
            self._refusal.append(delta["refusal"])
        for at, call in enumerate(delta.get("tool_calls") or ()):
            yield self._call(call, at)

    def _call(self, call: Mapping[str, Any], at: int) -> ToolDelta:
        """A server that leaves ``index`` out sends a call whole, or goes on with the one that has that id."""
        name = str(call.get("id") or "")
        index = call.get("index")
        if not isinstance(index, int):
            if name and name not in self._calls:
                self._calls.append(name)
            index = self._calls.index(name) if name else at
        function = call.get("function") or {}
        arguments = function.get("arguments")
        if arguments is not None and not isinstance(arguments, str):
            arguments = json.dumps(arguments, ensure_ascii=False)
        return ToolDelta(index, name, str(function.get("name") or ""), arguments or "")

    def _finish(self, reason: str, raw: str) -> list[Event]:
        self._finished = self.ended = True
        if not self._refusal:
            return [Finish(reason, raw)]
        refusal = "".join(self._refusal)
        return [TextDelta(refusal), Finish("refusal", refusal)]


def _parts(content: Iterable[Any]) -> Iterator[Event]:
    """Mistral's way to tell thinking from text."""
    for part in content:
        if part.get("type") == "thinking":
            inner = part.get("thinking")
            text = inner if isinstance(inner, str) else "".join(each.get("text") or "" for each in inner or ())
            if text:
                yield ThinkingDelta(text)
        elif part.get("text"):
            yield TextDelta(part["text"])


def usage_of(usage: Mapping[str, Any]) -> Usage:
    """Of Chat Completions and of Responses, which have other names for the same."""
    into = usage.get("prompt_tokens_details") or usage.get("input_tokens_details") or {}
    out = usage.get("completion_tokens_details") or usage.get("output_tokens_details") or {}
    return Usage(
        usage.get("prompt_tokens", usage.get("input_tokens")),
        usage.get("completion_tokens", usage.get("output_tokens")),
        into.get("cached_tokens"),
        out.get("reasoning_tokens"),
    )
