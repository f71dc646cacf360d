"""Cohere v2: OpenAI's messages, its own events."""

from __future__ import annotations

import json
from typing import Any

import pytest

from promptls.prompt.model import Tool
from promptls.providers import cohere
from promptls.providers.event import Answering, Failure, Finish, MediaDelta, TextDelta, ThinkingDelta, Usage
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
    sse,
    text_of,
)

MAKE = decoder_of("cohere")


def event(kind: str, message: dict[str, Any] | None = None, **more: Any) -> tuple[str, dict[str, Any]]:
    return kind, {"type": kind, **({"delta": {"message": message}} if message else {}), **more}


def ended(reason: str = "COMPLETE", **more: Any) -> tuple[str, dict[str, Any]]:
    usage = {
        "billed_units": {"input_tokens": 8.0, "output_tokens": 4.0},
        "tokens": {"input_tokens": 9.0, "output_tokens": 4.0},
    }
    return event("message-end", delta={"finish_reason": reason, "usage": usage, **more})


START = event("message-start", {"role": "assistant"}, id="c-1")
STREAM = sse(
    START,
    event("content-start", {"content": {"type": "thinking", "thinking": "h"}}, index=0),
    event("content-delta", {"content": {"thinking": "m"}}, index=0),
    event("content-start", {"content": {"type": "text", "text": ""}}, index=1),
    event("content-delta", {"content": {"text": "Hel"}}, index=1),
    event("content-delta", {"content": {"text": f"lo {ODD}"}}, index=1),
    event("content-end", index=1),
    ended(),
)


def test_a_request_in_its_words() -> None:
    options = {
        "max_tokens": 5,
        "top_p": 0.5,
        "top_k": 3,
        "stop": "X",
        "thinking_budget": 100,
        "tool_choice": "required",
    }
    output = {"type": "object", "properties": {"a": {"type": "string"}}}
    request, endpoint = ask("cohere", options=options, output=output, tools=(Tool("f"),))
    built = cohere.build(request, endpoint)
    assert built.url == "https://api.cohere.com/v2/chat"
    assert json.loads(built.body) == {
        "model": "m",
        "messages": [{"role": "user", "content": "Hi"}],
        "max_tokens": 5, "p": 0.5, "k": 3, "stop_sequences": ["X"],
        "thinking": {"type": "enabled", "token_budget": 100},
        "tool_choice": "REQUIRED",
        "tools": [{"type": "function", "function": {"name": "f", "parameters": {"type": "object", "properties": {}}}}],
        "response_format": {"type": "json_object", "json_schema": output},
        "stream": True,
    }  # fmt: skip
    request, endpoint = ask("cohere", options={"tool_choice": "auto", "response_format": "json_object"}, stream=False)
    body = body_of(request, endpoint)
    assert "tool_choice" not in body
    assert (body["response_format"], body["stream"]) == ({"type": "json_object"}, False)


def test_a_stream_is_text_usage_and_one_end() -> None:
    assert decoded(MAKE, STREAM) == [
        Answering("", "c-1"),
        ThinkingDelta("h"),
        ThinkingDelta("m"),
        TextDelta("Hel"),
        TextDelta(f"lo {ODD}"),
        Usage(9, 4),
        Finish("stop", "COMPLETE"),
    ]


def test_tool_calls_come_in_pieces() -> None:
    def call(kind: str, index: int, function: dict[str, Any], **more: Any) -> tuple[str, dict[str, Any]]:
        return event(kind, {"tool_calls": {"function": function, **more}}, index=index)

    events = decoded(
        MAKE,
        sse(
            START,
            event("tool-plan-delta", {"tool_plan": "I ask."}),
            call("tool-call-start", 0, {"name": "f", "arguments": ""}, id="c0", type="function"),
            call("tool-call-delta", 0, {"arguments": '{"a":1}'}),
            event("tool-call-end", index=0),
            ended("TOOL_CALL"),
        ),
    )
    assert calls_of(events) == {0: ("c0", "f", '{"a":1}')}
    assert ThinkingDelta("I ask.") in events
    assert last(events) == Finish("tool_calls", "TOOL_CALL")


@pytest.mark.parametrize(("reason", "finish"), [("MAX_TOKENS", "length"), ("STOP_SEQUENCE", "stop"), ("NEW", "other")])
def test_ends_of_all_kinds(reason: str, finish: str) -> None:
    assert last(decoded(MAKE, sse(START, ended(reason)))) == Finish(finish, reason)


@pytest.mark.parametrize(
    ("data", "kind", "message"),
    [
        (sse(START, ended("ERROR", error="it broke")), "server", "it broke"),
        (sse(START, ended("TIMEOUT")), "server", "The provider broke"),
        (sse(START, event("content-delta", {"content": {"text": "x"}})), "truncated", "broke off"),
        (sse(START) + b"data: {]\n\n" + sse(ended()), "malformed", "cannot be read"),
        (sse(START, ("tool-call-start", {"type": "tool-call-start"})), "malformed", "cannot be read"),
        (b'{"message": "no"}', "malformed", "cannot be read"),
    ],
)
def test_what_is_no_whole_answer_is_a_failure(data: bytes, kind: str, message: str) -> None:
    found = last(decoded(MAKE, data))
    assert isinstance(found, Failure)
    assert found.kind == kind
    assert message in found.message


def test_a_whole_answer() -> None:
    call = {"id": "c0", "type": "function", "function": {"name": "f", "arguments": "{}"}}
    answer = {
        "id": "c-1", "finish_reason": "MAX_TOKENS", "usage": {"tokens": {"input_tokens": 9.0, "output_tokens": 4.0}},
        "message": {
            "role": "assistant", "tool_plan": "plan", "tool_calls": [call],
            "content": [{"type": "thinking", "thinking": "hm"}, {"type": "text", "text": f"Hi {ODD}"}],
        },
    }  # fmt: skip
    events = decoded(MAKE, json.dumps(answer).encode())
    assert (text_of(events), calls_of(events), last(events)) == (
        f"Hi {ODD}",
        {0: ("c0", "f", "{}")},
        Finish("length", "MAX_TOKENS"),
    )


def test_nothing_makes_it_raise() -> None:
    for data in (*prefixes(STREAM), *damaged(STREAM)):
        decoded(MAKE, data)


def test_embeddings_and_models() -> None:
    request, endpoint = ask("cohere", "a text", operation="embedding", extra={"input_type": "classification"})
    assert cohere.build(request, endpoint).url == "https://api.cohere.com/v2/embed"
    assert body_of(request, endpoint) == {
        "model": "m", "texts": ["a text"], "input_type": "classification", "embedding_types": ["float"],
    }  # fmt: skip
    make = decoder_of("cohere", operation="embedding")
    answer = {"embeddings": {"float": [[0.1, 0.2]]}, "meta": {"billed_units": {"input_tokens": 3.0}}}
    assert decoded(make, json.dumps(answer).encode()) == [
        MediaDelta("[0.1, 0.2]", "application/json"),
        Usage(3),
        Finish("stop"),
    ]
    assert cohere.list_models(endpoint).url == "https://api.cohere.com/v1/models"
    assert cohere.read_models({"models": [{"name": "a", "context_length": 9.0}, {}, 5]}) == (ModelInfo("a", "", 9),)
    junks: tuple[Any, ...] = (None, [], {"models": 5})
    for junk in junks:
        assert cohere.read_models(junk) == ()
