"""Bedrock's Converse: what is asked, and what the answer says."""

from __future__ import annotations

import json
import struct
import zlib
from typing import Any

import pytest

from promptls.prompt.message import Message, Part
from promptls.prompt.model import Tool
from promptls.providers import bedrock
from promptls.providers.event import Failure, Finish, MediaDelta, TextDelta, ThinkingDelta, ToolDelta, Usage
from promptls.providers.request import Endpoint, Request, UnsupportedError
from tests.providers.cuts import joined, nothing_raises
from tests.providers.streams import decoded

HERE = Endpoint(
    "bedrock", "bedrock", "bedrock", "https://bedrock-runtime.eu-west-1.amazonaws.com", "sigv4", region="eu-west-1"
)
USER = Message("user", (Part("text", "Hi"),))
ASKED = Request("eu.anthropic.claude-x-v1:0", (USER,))


def body_of(request: Request) -> dict[str, Any]:
    return dict(json.loads(bedrock.build(request, HERE).body))


def frame(payload: bytes, **headers: str) -> bytes:
    packed = b""
    for name, value in headers.items():
        key, text = b":" + name.replace("_", "-").encode(), value.encode()
        packed += bytes([len(key)]) + key + b"\x07" + struct.pack(">H", len(text)) + text
    lengths = struct.pack(">II", 16 + len(packed) + len(payload), len(packed))
    message = lengths + struct.pack(">I", zlib.crc32(lengths)) + packed + payload
    return message + struct.pack(">I", zlib.crc32(message))


def event(kind: str, **data: Any) -> bytes:
    return frame(json.dumps(data, ensure_ascii=False).encode(), message_type="event", event_type=kind)


def delta(at: int, **about: Any) -> bytes:
    return event("contentBlockDelta", contentBlockIndex=at, delta=about)


def answer(*frames: bytes) -> list[Any]:
    return joined(decoded(lambda: bedrock.decoder(ASKED, bedrock.BINARY), b"".join(frames)))


END = (
    event("messageStop", stopReason="end_turn"),
    event("metadata", usage={"inputTokens": 4, "outputTokens": 6, "cacheReadInputTokens": 2}, metrics={"latencyMs": 3}),
)


def test_only_what_is_needed_is_sent() -> None:
    http = bedrock.build(ASKED, HERE)
    assert http.url == f"{HERE.base_url}/model/eu.anthropic.claude-x-v1%3A0/converse-stream"
    assert dict(http.headers)["accept"] == bedrock.BINARY
    assert json.loads(http.body) == {"messages": [{"role": "user", "content": [{"text": "Hi"}]}]}


def test_the_name_of_a_profile_is_one_step_of_the_address() -> None:
    arn = "arn:aws:bedrock:eu-west-1:1:inference-profile/eu.x"
    http = bedrock.build(Request(arn, (USER,), stream=False), HERE)
    assert http.url.endswith("/model/arn%3Aaws%3Abedrock%3Aeu-west-1%3A1%3Ainference-profile%2Feu.x/converse")


def test_settings_in_its_own_words() -> None:
    options = {
        "max_tokens": 5,
        "temperature": 0,
        "top_p": 0.5,
        "top_k": 3,
        "stop": ["END"],
        "tool_choice": "required",
        "reasoning_effort": "low",
    }
    schema = {"type": "object", "properties": {"a": {"type": "string"}}}
    tool = Tool("now", "The time", {"type": "object", "properties": {}}, strict=True)
    body = body_of(
        Request("m", (USER,), options=options, output=schema, tools=(tool,), extra={"serviceTier": {"type": "flex"}})
    )
    assert body["inferenceConfig"] == {"maxTokens": 5, "temperature": 0, "topP": 0.5, "stopSequences": ["END"]}
    assert body["additionalModelRequestFields"] == {"top_k": 3}
    assert body["serviceTier"] == {"type": "flex"}
    spec = {
        "name": "now",
        "description": "The time",
        "inputSchema": {"json": {"type": "object", "properties": {}}},
        "strict": True,
    }
    assert body["toolConfig"] == {"tools": [{"toolSpec": spec}], "toolChoice": {"any": {}}}
    assert body["outputConfig"]["effort"] == "low"
    shape = body["outputConfig"]["textFormat"]["structure"]["jsonSchema"]
    assert (shape["name"], json.loads(shape["schema"])) == ("answer", schema)


def test_what_has_no_word_is_said() -> None:
    request = Request(
        "m", (USER,), options={"seed": 3, "tool_choice": "none", "response_format": {"type": "json_object"}}
    )
    assert [each.name for each in bedrock.unmapped(request, HERE)] == ["seed", "response_format", "tool_choice"]
    assert body_of(request).keys() == {"messages"}


def test_pictures_files_calls_and_what_the_system_says() -> None:
    call = {"id": "c", "function": {"name": "now", "arguments": "{}"}}
    parts = (
        Part("image", "data:image/jpeg;base64,aGk="),
        Part("file", "data:text/plain;base64,aGk="),
        Part("file", "s3://b/c.pdf"),
    )
    messages = (
        Message("system", (Part("text", "A"),)),
        Message("user", parts),
        Message("assistant", (), {"tool_calls": [call]}),
        Message("tool", (Part("text", "noon"),), {"tool_call_id": "c"}),
    )
    body = body_of(Request("m", messages))
    assert body["system"] == [{"text": "A"}]
    assert [turn["content"] for turn in body["messages"]] == [
        [
            {"image": {"format": "jpeg", "source": {"bytes": "aGk="}}},
            {"document": {"format": "txt", "source": {"bytes": "aGk="}, "name": "document 2"}},
            {"document": {"format": "pdf", "source": {"s3Location": {"uri": "s3://b/c.pdf"}}, "name": "document 3"}},
        ],
        [{"toolUse": {"toolUseId": "c", "name": "now", "input": {}}}],
        [{"toolResult": {"toolUseId": "c", "content": [{"text": "noon"}]}}],
    ]


def test_a_picture_of_the_web_is_refused() -> None:
    with pytest.raises(UnsupportedError, match="fetches nothing from the web"):
        bedrock.build(Request("m", (Message("user", (Part("image", "https://x/y.png"),)),)), HERE)


def test_an_answer_in_pieces() -> None:
    frames = (
        event("messageStart", role="assistant"),
        delta(0, reasoningContent={"text": "Hm"}),
        delta(0, reasoningContent={"signature": "x"}),
        delta(1, text="Grü"),
        delta(1, text="ße \u2028😀"),
        event("contentBlockStop", contentBlockIndex=1),
        event("somethingNew", x=1),
        *END,
    )
    assert answer(*frames) == [
        ThinkingDelta("Hm"),
        TextDelta("Grüße \u2028😀"),
        Usage(6, 6, 2),
        Finish("stop", "end_turn"),
    ]
    nothing_raises(lambda: bedrock.decoder(ASKED, bedrock.BINARY), b"".join(frames))


def test_calls_and_pictures() -> None:
    def called(at: int, name: str) -> bytes:
        use = {"toolUseId": f"t{at}", "name": name}
        return event("contentBlockStart", contentBlockIndex=at, start={"toolUse": use})

    assert answer(
        called(0, "now"),
        event("contentBlockStop", contentBlockIndex=0),
        called(1, "get"),
        delta(1, toolUse={"input": '{"a":'}),
        delta(1, toolUse={"input": "1}"}),
        event("contentBlockStop", contentBlockIndex=1),
        event("contentBlockStart", contentBlockIndex=2, start={"image": {"format": "jpeg"}}),
        delta(2, image={"source": {"bytes": "aGk="}}),
        event("messageStop", stopReason="tool_use"),
    ) == [
        ToolDelta(0, "t0", "now", "{}"),
        ToolDelta(1, "t1", "get", '{"a":1}'),
        MediaDelta("data:image/jpeg;base64,aGk=", "image/jpeg"),
        Finish("tool_calls", "tool_use"),
    ]


def test_an_answer_in_one_document() -> None:
    content = [
        {"reasoningContent": {"reasoningText": {"text": "Hm"}}},
        {"text": "So:"},
        {"toolUse": {"toolUseId": "t", "name": "get", "input": {"a": 1}}},
    ]
    data = {
        "output": {"message": {"role": "assistant", "content": content}},
        "stopReason": "guardrail_intervened",
        "usage": {"inputTokens": 1, "outputTokens": 2},
    }
    found = decoded(lambda: bedrock.decoder(ASKED, "application/json"), json.dumps(data).encode())
    assert found == [
        ThinkingDelta("Hm"),
        TextDelta("So:"),
        ToolDelta(0, "t", "get"),
        ToolDelta(0, arguments='{"a":1}'),
        Usage(1, 2),
        Finish("content_filter", "guardrail_intervened"),
    ]


@pytest.mark.parametrize("lost", [len(END[1]), 5 + len(END[1]), len(END[0]) + len(END[1])])
def test_an_answer_without_its_end_is_truncated(lost: int) -> None:
    data = b"".join((delta(0, text="part"), *END))[:-lost]
    events = answer(data)
    assert events[0] == TextDelta("part")
    if lost == len(END[1]):
        assert events[-1] == Finish("stop", "end_turn")
    else:
        assert isinstance(events[-1], Failure)
        assert events[-1].kind == "truncated"


def test_an_exception_in_the_middle_of_an_answer() -> None:
    refused = frame(b'{"message":"Slow down"}', message_type="exception", exception_type="throttlingException")
    before, last = answer(delta(0, text="part"), refused, delta(0, text="never"))
    assert before == TextDelta("part")
    assert isinstance(last, Failure)
    assert (last.kind, last.retryable, last.message) == ("rate-limit", True, "Slow down")


def test_an_error_that_is_no_event() -> None:
    refused = frame(b"", message_type="error", error_code="internalServerException", error_message="Oops")
    (last,) = answer(refused)
    assert isinstance(last, Failure)
    assert (last.kind, last.message) == ("server", "Oops")


def test_no_bytes_at_all() -> None:
    (last,) = bedrock.decoder(ASKED, bedrock.BINARY).end()
    assert isinstance(last, Failure)
    assert last.kind == "empty"


def test_models_that_write_text() -> None:
    assert bedrock.list_models(HERE).method == "GET"
    found = bedrock.read_models(
        {
            "modelSummaries": [
                {"modelId": "a.b-v1:0", "modelName": "B", "outputModalities": ["TEXT"]},
                {"modelId": "c", "outputModalities": ["EMBEDDING"]},
                {"modelId": "d", "modelLifecycle": {"status": "LEGACY"}},
            ]
        }
    )
    assert found == (("a.b-v1:0", "B", None),)
