"""Anthropic Messages: what is asked, and what the answer says."""

from __future__ import annotations

import json
from typing import Any

import pytest

from promptls.prompt.message import Message, Part
from promptls.prompt.model import Tool
from promptls.providers import anthropic
from promptls.providers.event import Answering, Failure, Finish, TextDelta, ThinkingDelta, ToolDelta, Usage
from promptls.providers.request import Endpoint, Request, UnsupportedError
from tests.providers.cuts import joined, nothing_raises
from tests.providers.streams import decoded

HERE = Endpoint("anthropic", "anthropic", "anthropic", "https://api.anthropic.com/v1", "header:x-api-key")
USER = Message("user", (Part("text", "Hi"),))
ASKED = Request("claude-x", (USER,))
CLOSED = {"type": "object", "additionalProperties": False}
SHAPE = {"type": "object", "properties": {"a": {"type": "array", "items": {"type": "object"}}}}


def body_of(request: Request, endpoint: Endpoint = HERE) -> dict[str, Any]:
    return dict(json.loads(anthropic.build(request, endpoint).body))


def said(*messages: tuple[str, str]) -> tuple[Message, ...]:
    return tuple(Message(role, (Part("text", text),)) for role, text in messages)


def stream(*events: dict[str, Any], end: str = "\n") -> bytes:
    return "".join(
        f"event: {event['type']}\ndata: {json.dumps(event, ensure_ascii=False)}\n{end}" for event in events
    ).encode()


def answer(data: bytes) -> list[Any]:
    return joined(decoded(lambda: anthropic.decoder(ASKED, "text/event-stream"), data))


START = {
    "type": "message_start",
    "message": {"id": "msg_1", "model": "claude-x-1", "usage": {"input_tokens": 7, "cache_read_input_tokens": 3}},
}
STOP = {"type": "message_stop"}


def text(piece: str) -> dict[str, Any]:
    return {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": piece}}


def stopped(reason: str, **usage: Any) -> dict[str, Any]:
    return {"type": "message_delta", "delta": {"stop_reason": reason}, "usage": usage}


def test_only_what_is_needed_is_sent() -> None:
    http = anthropic.build(ASKED, HERE)
    assert (http.method, http.url, http.stream) == ("POST", "https://api.anthropic.com/v1/messages", True)
    assert dict(http.headers)["anthropic-version"] == "2026-10-21"
    assert json.loads(http.body) == {
        "model": "claude-x",
        "messages": [{"role": "user", "content": [{"type": "text", "text": "Hi"}]}],
        "max_tokens": 4096,
        "stream": True,
    }


def test_what_the_system_says_stands_apart() -> None:
    messages = said(("system", "A"), ("user", "B"), ("developer", "C"), ("model", "D"), ("user", "E"))
    body = body_of(Request("m", messages))
    assert body["system"] == "A\n\nC"
    assert [turn["role"] for turn in body["messages"]] == ["user", "assistant", "user"]


def test_sampling_is_asked_for_under_the_version_that_takes_it() -> None:
    request = Request("m", (USER,), options={"temperature": 0, "top_k": 5})
    http = anthropic.build(request, HERE)
    assert dict(http.headers)["anthropic-version"] == "2023-06-01"
    assert (json.loads(http.body)["temperature"], json.loads(http.body)["top_k"]) == (0, 5)
    assert anthropic.unmapped(request, HERE) == ()
    pinned = Endpoint("a", "anthropic", "anthropic", "https://x/v1", quirks={"anthropic_version": "2026-10-21"})
    assert "temperature" not in body_of(request, pinned)
    assert [each.name for each in anthropic.unmapped(request, pinned)] == ["temperature", "top_k"]


@pytest.mark.parametrize(
    ("options", "wanted"),
    [
        ({"max_tokens": 5, "stop": "END"}, {"max_tokens": 5, "stop_sequences": ["END"]}),
        ({"thinking_budget": 2000}, {"thinking": {"type": "enabled", "budget_tokens": 2000}, "max_tokens": 6096}),
        ({"thinking_budget": 0}, {"thinking": {"type": "disabled"}}),
        ({"thinking_budget": -1}, {"thinking": {"type": "adaptive"}}),
        ({"reasoning_effort": "minimal"}, {"output_config": {"effort": "low"}}),
        ({"reasoning_effort": "none"}, {"thinking": {"type": "disabled"}}),
        ({"tool_choice": "required"}, {"tool_choice": {"type": "any"}}),
        ({"tool_choice": "now"}, {"tool_choice": {"type": "tool", "name": "now"}}),
        (
            {"tool_choice": {"type": "function", "function": {"name": "now"}}, "parallel_tool_calls": False},
            {"tool_choice": {"type": "tool", "name": "now", "disable_parallel_tool_use": True}},
        ),
        (
            {"parallel_tool_calls": False, "tool_choice": "required"},
            {"tool_choice": {"type": "any", "disable_parallel_tool_use": True}},
        ),
        ({"user": "u"}, {"metadata": {"user_id": "u"}}),
        (
            {"response_format": {"type": "json_schema", "json_schema": {"schema": {"type": "object"}}}},
            {"output_config": {"format": {"type": "json_schema", "schema": CLOSED}}},
        ),
    ],
)  # fmt: skip
def test_settings_in_its_own_words(options: dict[str, Any], wanted: dict[str, Any]) -> None:
    body = body_of(Request("m", (USER,), options=options))
    assert {key: body[key] for key in wanted} == wanted


def test_the_shape_of_the_answer_is_closed_and_more_lies_on_top() -> None:
    request = Request("m", (USER,), options={"reasoning_effort": "high"}, output=SHAPE, extra={"stream": False, "x": 1})
    body = body_of(request)
    assert body["output_config"] == {
        "effort": "high",
        "format": {
            "type": "json_schema",
            "schema": {**CLOSED, "properties": {"a": {"type": "array", "items": CLOSED}}},
        },
    }
    assert (body["x"], body["stream"]) == (1, True)


def test_what_has_no_word_is_said() -> None:
    request = Request("m", (USER,), options={"seed": 3, "response_format": {"type": "json_object"}})
    assert [each.name for each in anthropic.unmapped(request, HERE)] == ["seed", "response_format"]
    assert "seed" not in body_of(request)


def test_pictures_files_tools_and_their_answers() -> None:
    call = {"id": "c", "type": "function", "function": {"name": "now", "arguments": '{"zone": "UTC"}'}}
    parts = (
        Part("image", "data:image/jpeg;base64,aGk="),
        Part("image", "https://x/y.png"),
        Part("image", "aGk=", "image/webp"),
        Part("file", "data:application/pdf;base64,aGk="),
        Part("file", "data:text/plain,Gr%C3%BC%C3%9Fe"),
        Part("section", "later"),
    )
    messages = (
        Message("user", parts),
        Message("assistant", (), {"tool_calls": [call]}),
        Message("tool", (Part("text", "noon"),), {"tool_call_id": "c"}),
    )
    tool = Tool("now", "The time", {"type": "object", "properties": {}}, strict=True)
    body = body_of(Request("m", messages, tools=(tool,)))
    first, second, third = body["messages"]
    assert [block["source"] for block in first["content"]] == [
        {"type": "base64", "media_type": "image/jpeg", "data": "aGk="},
        {"type": "url", "url": "https://x/y.png"},
        {"type": "base64", "media_type": "image/webp", "data": "aGk="},
        {"type": "base64", "media_type": "application/pdf", "data": "aGk="},
        {"type": "text", "media_type": "text/plain", "data": "Grüße"},
    ]
    assert second["content"] == [{"type": "tool_use", "id": "c", "name": "now", "input": {"zone": "UTC"}}]
    assert third == {
        "role": "user",
        "content": [{"type": "tool_result", "tool_use_id": "c", "content": "noon"}],
    }
    assert body["tools"] == [
        {
            "name": "now",
            "description": "The time",
            "input_schema": {"type": "object", "properties": {}, "additionalProperties": False},
            "strict": True,
        }
    ]


@pytest.mark.parametrize(
    ("request_", "about"),
    [
        (Request("m", said(("system", "A"))), "has none"),
        (Request("m", (Message("user", (Part("audio", "aGk=", "audio/wav"),)),)), "no audio"),
        (Request("m", (Message("user", (Part("image", "cat.png"),)),)), "neither an address"),
        (Request("m", (Message("user", (Part("text", ""),)),)), "is empty"),
        (Request("m", (Message("critic", (Part("text", "x"),)),)), "no role `critic`"),
        (Request("m", (Message("tool", (Part("text", "x"),)),)), "tool_call_id"),
        (Request("m", (USER,), operation="image"), "no operation"),
    ],
)
def test_what_cannot_be_asked_is_refused_in_a_sentence(request_: Request, about: str) -> None:
    with pytest.raises(UnsupportedError, match=about):
        anthropic.build(request_, HERE)


def test_an_answer_in_pieces() -> None:
    data = stream(
        START,
        {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}},
        {"type": "ping"},
        text("Grü"),
        text("ße \u2028😀"),
        {"type": "content_block_stop", "index": 0},
        {"type": "something_new", "x": 1},
        stopped("end_turn", output_tokens=5, output_tokens_details={"thinking_tokens": 2}),
        STOP,
    )
    assert answer(data) == [
        Answering("claude-x-1", "msg_1"),
        Usage(10, None, 3),
        TextDelta("Grüße \u2028😀"),
        Usage(10, 5, 3, 2),
        Finish("stop", "end_turn"),
    ]
    nothing_raises(lambda: anthropic.decoder(ASKED, "text/event-stream"), data)


def test_thoughts_and_calls() -> None:
    def block(at: int, **about: Any) -> dict[str, Any]:
        return {"type": "content_block_start", "index": at, "content_block": about}

    def delta(at: int, **about: Any) -> dict[str, Any]:
        return {"type": "content_block_delta", "index": at, "delta": about}

    events = answer(
        stream(
            START,
            block(0, type="thinking", thinking=""),
            delta(0, type="thinking_delta", thinking="Hm"),
            delta(0, type="signature_delta", signature="x"),
            {"type": "content_block_stop", "index": 0},
            block(1, type="tool_use", id="a", name="now", input={}),
            {"type": "content_block_stop", "index": 1},
            block(2, type="tool_use", id="b", name="get", input={}),
            delta(2, type="input_json_delta", partial_json=""),
            delta(2, type="input_json_delta", partial_json='{"city":'),
            delta(2, type="input_json_delta", partial_json='"Rome"}'),
            {"type": "content_block_stop", "index": 2},
            stopped("tool_use", output_tokens=9),
            STOP,
        )
    )
    assert events[2:5] == [
        ThinkingDelta("Hm"),
        ToolDelta(0, "a", "now", "{}"),
        ToolDelta(1, "b", "get", '{"city":"Rome"}'),
    ]
    assert events[-1] == Finish("tool_calls", "tool_use")


def test_the_same_answer_in_one_document() -> None:
    data = {
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "model": "claude-x-1",
        "content": [
            {"type": "text", "text": "So:"},
            {"type": "tool_use", "id": "t", "name": "get", "input": {"city": "Rom"}},
        ],
        "stop_reason": "refusal",
        "stop_details": {"type": "refusal", "category": "bio", "explanation": "No."},
        "usage": {"input_tokens": 1, "output_tokens": 2},
    }
    assert answer(json.dumps(data).encode()) == [
        Answering("claude-x-1", "msg_1"),
        TextDelta("So:"),
        ToolDelta(0, "t", "get", '{"city":"Rom"}'),
        Usage(1, 2),
        Finish("refusal", "refusal: No."),
    ]


@pytest.mark.parametrize(
    ("reason", "wanted"),
    [("max_tokens", "length"), ("model_context_window_exceeded", "context"), ("pause_turn", "other")],
)
def test_why_it_ended(reason: str, wanted: str) -> None:
    assert answer(stream(START, text("x"), stopped(reason, output_tokens=1), STOP))[-1] == Finish(wanted, reason)


def test_an_answer_without_its_end_is_truncated() -> None:
    *_, last = answer(stream(START, text("part"), stopped("end_turn", output_tokens=1)))
    assert isinstance(last, Failure)
    assert last.kind == "truncated"


def test_a_cut_in_the_middle_of_an_event_is_truncated() -> None:
    data = stream(START, text("part"))
    *_, last = answer(data[:-20])
    assert isinstance(last, Failure)
    assert last.kind == "truncated"


def test_overload_in_the_middle_of_an_answer() -> None:
    error = {"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}}
    *_, before, last = answer(stream(START, text("part"), error, text("never")))
    assert before == TextDelta("part")
    assert isinstance(last, Failure)
    assert (last.kind, last.retryable, last.message) == ("overloaded", True, "Overloaded")


def test_a_chunk_that_is_no_json_is_malformed() -> None:
    *_, last = answer(stream(START) + b"event: content_block_delta\ndata: {nonsense\n\n" + stream(STOP))
    assert isinstance(last, Failure)
    assert last.kind == "malformed"


def test_models_that_can_be_called() -> None:
    http = anthropic.list_models(HERE)
    assert (http.method, http.url) == ("GET", "https://api.anthropic.com/v1/models")
    assert dict(http.headers)["anthropic-version"]
    found = anthropic.read_models(
        {
            "data": [
                {"id": "a", "display_name": "A", "max_input_tokens": 200000, "lifecycle": "active"},
                {"id": "b", "lifecycle": "retired"},
                {"name": "c"},
                3,
            ]
        }
    )
    assert found == (("a", "A", 200000),)
    assert anthropic.read_models([]) == ()
