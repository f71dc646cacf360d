"""OpenAI Responses: named events, and an end that says how it went."""

from __future__ import annotations

import json
from typing import Any

import pytest

from promptls.prompt.message import Message, Part
from promptls.prompt.model import Tool
from promptls.providers import openai_responses
from promptls.providers.event import Answering, Failure, Finish, TextDelta, ThinkingDelta, Usage
from promptls.providers.request import UnsupportedError
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
    user,
)

MAKE = decoder_of("openai-responses")
USAGE = {
    "input_tokens": 9, "output_tokens": 4, "total_tokens": 13,
    "input_tokens_details": {"cached_tokens": 3}, "output_tokens_details": {"reasoning_tokens": 2},
}  # fmt: skip


def event(kind: str, **more: Any) -> tuple[str, dict[str, Any]]:
    return kind, {"type": kind, "sequence_number": 1, **more}


def ended(status: str = "completed", **more: Any) -> tuple[str, dict[str, Any]]:
    response = {"id": "resp_1", "model": "gpt-x", "status": status, "error": None, "usage": USAGE, **more}
    return event(f"response.{status}", response=response)


CREATED = event("response.created", response={"id": "resp_1", "model": "gpt-x", "status": "in_progress", "error": None})
STREAM = sse(
    CREATED,
    event("response.output_item.added", output_index=0, item={"type": "message", "id": "msg_1", "content": []}),
    event("response.reasoning_summary_text.delta", delta="hm"),
    event("response.output_text.delta", item_id="msg_1", delta="Hel"),
    event("response.output_text.delta", item_id="msg_1", delta=f"lo {ODD}"),
    event("response.output_text.done", item_id="msg_1", text=f"Hello {ODD}"),
    ended(),
)


def test_a_request_keeps_nothing_there() -> None:
    messages = (
        Message("system", (Part("text", "Be kind."),)),
        Message("developer", (Part("text", "Short."),)),
        user("Hi"),
        Message("system", (Part("text", "Still kind."),)),
    )
    options = {
        "max_tokens": 5,
        "reasoning_effort": "low",
        "verbosity": "low",
        "tool_choice": {"type": "function", "function": {"name": "f"}},
    }
    request, endpoint = ask("openai", wire="openai-responses", messages=messages, options=options)
    built = openai_responses.build(request, endpoint)
    assert built.url == "https://api.openai.com/v1/responses"
    assert json.loads(built.body) == {
        "model": "m",
        "instructions": "Be kind.\n\nShort.",
        "input": [{"role": "user", "content": "Hi"}, {"role": "system", "content": "Still kind."}],
        "max_output_tokens": 5,
        "reasoning": {"effort": "low"},
        "text": {"verbosity": "low"},
        "tool_choice": {"type": "function", "name": "f"},
        "store": False,
        "stream": True,
    }


def test_parts_tools_and_the_shape_of_the_answer() -> None:
    parts = (
        "Look:",
        Part("image", "https://x/p.png"),
        Part("image", "iVBORw==", "image/jpeg"),
        Part("file", "data:application/pdf;base64,JVBE"),
        Part("file", "https://x/a.pdf"),
    )
    call = {"id": "c1", "type": "function", "function": {"name": "f", "arguments": "{}"}}
    messages = (
        user(*parts),
        Message("assistant", (), {"tool_calls": [call]}),
        Message("tool", (Part("text", "5"),), {"tool_call_id": "c1"}),
        Message("assistant", (Part("text", "Five."), Part("image", "https://x/5.png"))),
    )
    output = {"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"]}
    request, endpoint = ask(
        "openai", wire="openai-responses", messages=messages, tools=(Tool("f"),), output=output, stream=False
    )
    body = body_of(request, endpoint)
    assert body["input"] == [
        {
            "role": "user",
            "content": [
                {"type": "input_text", "text": "Look:"},
                {"type": "input_image", "image_url": "https://x/p.png", "detail": "auto"},
                {"type": "input_image", "image_url": "data:image/jpeg;base64,iVBORw==", "detail": "auto"},
                {"type": "input_file", "filename": "file", "file_data": "data:application/pdf;base64,JVBE"},
                {"type": "input_file", "file_url": "https://x/a.pdf"},
            ],
        },
        {"type": "function_call", "call_id": "c1", "name": "f", "arguments": "{}"},
        {"type": "function_call_output", "call_id": "c1", "output": "5"},
        {
            "role": "assistant",
            "content": [
                {"type": "output_text", "text": "Five."},
                {"type": "input_image", "image_url": "https://x/5.png", "detail": "auto"},
            ],
        },
    ]
    assert body["tools"] == [{"type": "function", "name": "f", "parameters": {"type": "object", "properties": {}}}]
    assert body["text"]["format"]["schema"] == {**output, "additionalProperties": False}
    assert (body["text"]["format"]["type"], body["text"]["format"]["strict"]) == ("json_schema", True)
    assert "stream" not in body
    request, endpoint = ask("openai", wire="openai-responses", options={"response_format": "json_object"})
    assert body_of(request, endpoint)["text"] == {"format": {"type": "json_object"}}


def test_llama_cpp_is_asked_for_the_shape_as_in_chat() -> None:
    output = {"type": "object", "properties": {"a": {"type": "string"}}}
    request, endpoint = ask("llamacpp", wire="openai-responses", output=output)
    body = body_of(request, endpoint)
    assert body["response_format"] == {"type": "json_schema", "json_schema": {"name": "answer", "schema": output}}
    assert "text" not in body
    request, endpoint = ask("llamacpp", wire="openai-responses", options={"response_format": "json_object"})
    assert body_of(request, endpoint)["response_format"] == {"type": "json_object"}


def test_an_answer_of_all_tokens_allowed_was_cut() -> None:
    for most, reason in ((4, "length"), (5, "stop"), (None, "stop"), ("x", "stop")):
        events = decoded(decoder_of("openai-responses", options={"max_tokens": most}), STREAM)
        assert last(events) == Finish(reason, "completed")


def test_sound_is_not_for_it() -> None:
    request, endpoint = ask("openai", wire="openai-responses", messages=(user(Part("audio", "UklG", "audio/wav")),))
    with pytest.raises(UnsupportedError, match="no word for a part of the kind `audio`"):
        openai_responses.build(request, endpoint)


def test_a_stream_is_text_usage_and_one_end() -> None:
    assert decoded(MAKE, STREAM) == [
        Answering("gpt-x", "resp_1"),
        ThinkingDelta("hm"),
        TextDelta("Hel"),
        TextDelta(f"lo {ODD}"),
        Usage(9, 4, 3, 2),
        Finish("stop", "completed"),
    ]


@pytest.mark.parametrize(
    ("reason", "finish"),
    [("max_output_tokens", "length"), ("content_filter", "content_filter"), ("other_reason", "other")],
)
def test_an_answer_that_was_cut_says_why(reason: str, finish: str) -> None:
    stream = sse(
        CREATED,
        event("response.output_text.delta", delta="x"),
        ended("incomplete", incomplete_details={"reason": reason}),
    )
    assert last(decoded(MAKE, stream)) == Finish(finish, reason)


def test_tool_calls_come_in_pieces() -> None:
    def added(item: str, call: str, name: str) -> tuple[str, dict[str, Any]]:
        return event(
            "response.output_item.added", item={"type": "function_call", "id": item, "call_id": call, "name": name}
        )

    def more(item: str, delta: str) -> tuple[str, dict[str, Any]]:
        return event("response.function_call_arguments.delta", item_id=item, delta=delta)

    stream = sse(
        CREATED,
        added("i1", "c1", "f"),
        more("i1", '{"a"'),
        added("i2", "c2", "g"),
        more("i2", "{}"),
        more("i1", ":1}"),
        ended(),
    )
    events = decoded(MAKE, stream)
    assert calls_of(events) == {0: ("c1", "f", '{"a":1}'), 1: ("c2", "g", "{}")}
    assert last(events) == Finish("tool_calls", "completed")


def test_a_refusal_is_an_answer_that_says_so() -> None:
    events = decoded(MAKE, sse(CREATED, event("response.refusal.delta", delta="I cannot"), ended()))
    assert events[-2:] == [TextDelta("I cannot"), Finish("refusal", "I cannot")]


def test_errors_come_in_two_ways() -> None:
    for failing in (
        event("error", code="rate_limit_exceeded", message="Slow down", param=None),
        ended("failed", error={"code": "rate_limit_exceeded", "message": "Slow down"}),
    ):
        events = decoded(MAKE, sse(CREATED, event("response.output_text.delta", delta="par"), failing))
        found = last(events)
        assert isinstance(found, Failure)
        assert (found.kind, found.message, found.retryable, text_of(events)) == ("rate-limit", "Slow down", True, "par")
    found = last(decoded(MAKE, sse(CREATED, ended("failed"))))
    assert isinstance(found, Failure)
    assert found.kind == "server"


def test_a_stream_that_breaks_off_is_a_failure() -> None:
    found = last(decoded(MAKE, sse(CREATED, event("response.output_text.delta", delta="x"))))
    assert isinstance(found, Failure)
    assert found.kind == "truncated"
    for broken in (b"data: {]\n\n", b'data: {"type": "response.completed"}\n\n', b"data: 5\n\n"):
        found = last(decoded(MAKE, broken + STREAM))
        assert isinstance(found, Failure)
        assert found.kind == "malformed"


def test_a_whole_answer() -> None:
    answer = {
        "id": "resp_1", "model": "gpt-x", "status": "completed", "error": None, "usage": USAGE,
        "output": [
            {"type": "reasoning", "summary": [{"type": "summary_text", "text": "hm"}]},
            {"type": "message", "content": [{"type": "output_text", "text": f"Hi {ODD}"}]},
            {"type": "function_call", "call_id": "c1", "name": "f", "arguments": "{}"},
        ],
    }  # fmt: skip
    events = decoded(MAKE, json.dumps(answer).encode())
    assert (text_of(events), calls_of(events), last(events)) == (
        f"Hi {ODD}",
        {0: ("c1", "f", "{}")},
        Finish("tool_calls", "completed"),
    )
    refused = {**answer, "output": [{"type": "message", "content": [{"type": "refusal", "refusal": "no"}]}]}
    assert last(decoded(MAKE, json.dumps(refused).encode())) == Finish("refusal", "no")


def test_nothing_makes_it_raise() -> None:
    for data in (*prefixes(STREAM), *damaged(STREAM)):
        decoded(MAKE, data)
