"""Ollama's own API: NDJSON, images as base64, settings under ``options``."""

from __future__ import annotations

import json
from typing import Any

import pytest

from promptls.prompt.message import Message, Part
from promptls.prompt.model import Tool
from promptls.providers import ollama
from promptls.providers.event import Answering, Failure, Finish, MediaDelta, TextDelta, ThinkingDelta, Usage
from promptls.providers.request import UnsupportedError
from promptls.providers.wire import ModelInfo
from tests.providers.streams import (
    ODD,
    ask,
    body_of,
    calls_of,
    damaged,
    decoded,
    decoder_of,
    last,
    prefixes,
    text_of,
    user,
)

MAKE = decoder_of("ollama", content_type="application/x-ndjson")


def lines(*data: Any) -> bytes:
    return "".join(json.dumps(each, ensure_ascii=False) + "\n" for each in data).encode()


def line(message: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    return {
        "model": "llama3",
        "created_at": "2026-11-21T00:00:00Z",
        "message": {"role": "assistant", **(message or {})},
        "done": False,
        **more,
    }


DONE = line({"content": ""}, done=True, done_reason="stop", prompt_eval_count=9, eval_count=4, total_duration=5)
STREAM = lines(line({"thinking": "hm"}), line({"content": "Hel"}), line({"content": f"lo {ODD}"}), DONE)


def test_a_request_with_its_settings_in_options() -> None:
    options = {"max_tokens": 5, "temperature": 0, "context_length": 8192, "stop": ["X"], "reasoning_effort": "low"}
    extra = {"options": {"mirostat": 1}, "keep_alive": "5m"}
    output = {"type": "object", "properties": {"a": {"type": "string"}}}
    request, endpoint = ask("ollama", options=options, extra=extra, output=output, tools=(Tool("f"),))
    built = ollama.build(request, endpoint)
    assert built.url == "http://127.0.0.1:11434/api/chat"
    assert json.loads(built.body) == {
        "model": "m",
        "messages": [{"role": "user", "content": "Hi"}],
        "options": {"num_predict": 5, "temperature": 0, "num_ctx": 8192, "stop": ["X"], "mirostat": 1},
        "think": "low",
        "tools": [{"type": "function", "function": {"name": "f", "parameters": {"type": "object", "properties": {}}}}],
        "format": output,
        "keep_alive": "5m",
        "stream": True,
    }
    assert options == {
        "max_tokens": 5,
        "temperature": 0,
        "context_length": 8192,
        "stop": ["X"],
        "reasoning_effort": "low",
    }


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("json_object", "json"),
        ({"type": "json_object"}, "json"),
        ({"type": "json_schema", "json_schema": {"name": "a", "schema": {"type": "object"}}}, {"type": "object"}),
        ({"type": "object"}, {"type": "object"}),
    ],
)
def test_the_form_of_the_answer(written: Any, sent: Any) -> None:
    request, endpoint = ask("ollama", options={"response_format": written})
    assert body_of(request, endpoint)["format"] == sent


def test_images_are_sent_with_their_content() -> None:
    parts = ("Look:", Part("image", "data:image/png;base64,iVBOR"), Part("image", "R0lG", "image/gif"))
    call = {"id": "c1", "function": {"name": "f", "arguments": '{"a":1}'}}
    messages = (
        user(*parts),
        Message("assistant", (), {"tool_calls": [call]}),
        Message("tool", (Part("text", "5"),), {"name": "f"}),
    )
    request, endpoint = ask("ollama", messages=messages)
    assert body_of(request, endpoint)["messages"] == [
        {"role": "user", "content": "Look:", "images": ["iVBOR", "R0lG"]},
        {"role": "assistant", "content": "", "tool_calls": [{"function": {"name": "f", "arguments": {"a": 1}}}]},
        {"role": "tool", "content": "5", "tool_name": "f"},
    ]
    for part, said in (
        (Part("image", "https://x/p.png"), "only as a data: URL"),
        (Part("audio", "UklG"), "kind `audio`"),
    ):
        request, endpoint = ask("ollama", messages=(user(part),))
        with pytest.raises(UnsupportedError, match=said):
            ollama.build(request, endpoint)


def test_a_stream_is_text_usage_and_one_end() -> None:
    assert decoded(MAKE, STREAM) == [
        Answering("llama3"),
        ThinkingDelta("hm"),
        TextDelta("Hel"),
        TextDelta(f"lo {ODD}"),
        Usage(9, 4),
        Finish("stop", "stop"),
    ]


def test_a_tool_call_comes_whole() -> None:
    call = {"function": {"name": "f", "arguments": {"city": ODD}}}
    events = decoded(MAKE, lines(line({"tool_calls": [call]}), line({"tool_calls": [call]}), DONE))
    assert calls_of(events) == {at: ("", "f", json.dumps({"city": ODD}, ensure_ascii=False)) for at in (0, 1)}
    assert last(events) == Finish("tool_calls", "stop")


def test_ends_of_all_kinds() -> None:
    assert last(decoded(MAKE, lines({**DONE, "done_reason": "length"}))) == Finish("length", "length")
    assert last(decoded(MAKE, lines({**DONE, "done_reason": "load"}))) == Finish("other", "load")
    assert text_of(decoded(MAKE, lines({**DONE, "message": {"content": "whole"}}).rstrip())) == "whole"


@pytest.mark.parametrize(
    ("data", "kind", "text"),
    [
        (lines(line({"content": "par"}), {"error": "model runner has unexpectedly stopped"}), "server", "par"),
        (lines(line({"content": "par"})), "truncated", "par"),
        (lines(line({"content": "par"}))[:-5], "truncated", ""),
        (lines(line({"content": "par"})) + b"{]\n" + lines(DONE), "malformed", "par"),
        (lines(line({"content": "par"})) + b"5\n" + lines(DONE), "malformed", "par"),
        (b"<html>no</html>\n", "malformed", ""),
        (b"", "empty", ""),
    ],
)
def test_what_is_no_whole_answer_is_a_failure(data: bytes, kind: str, text: str) -> None:
    events = decoded(MAKE, data)
    found = last(events)
    assert isinstance(found, Failure)
    assert (found.kind, text_of(events)) == (kind, text)


def test_nothing_makes_it_raise() -> None:
    for data in (*prefixes(STREAM), *damaged(STREAM)):
        decoded(MAKE, data)


def test_embeddings() -> None:
    request, endpoint = ask("ollama", "a text", operation="embedding")
    assert ollama.build(request, endpoint).url == "http://127.0.0.1:11434/api/embed"
    assert body_of(request, endpoint) == {"model": "m", "input": "a text"}
    make = decoder_of("ollama", operation="embedding")
    answer = {"model": "m", "embeddings": [[0.1, 0.2]], "prompt_eval_count": 3}
    assert decoded(make, lines(answer)) == [MediaDelta("[0.1, 0.2]", "application/json"), Usage(3), Finish("stop")]
    assert isinstance(last(decoded(make, lines({"embeddings": 5}))), Failure)


def test_models_are_listed_by_their_tags() -> None:
    _request, endpoint = ask("ollama")
    assert ollama.list_models(endpoint).url == "http://127.0.0.1:11434/api/tags"
    assert ollama.read_models({"models": [{"name": "a:latest", "model": "a:latest"}, {"name": "b"}, {}, 5]}) == (
        ModelInfo("a:latest"),
        ModelInfo("b"),
    )
    junks: tuple[Any, ...] = (None, [], {"models": 5})
    for junk in junks:
        assert ollama.read_models(junk) == ()
