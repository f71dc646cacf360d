"""Gemini's generateContent: what is asked, and what the answer says."""

from __future__ import annotations

import json
from typing import Any

import pytest

from promptls.prompt.message import Message, Part
from promptls.prompt.model import Tool
from promptls.providers import gemini
from promptls.providers.event import (
    Answering,
    Failure,
    Finish,
    MediaDelta,
    TextDelta,
    ThinkingDelta,
    ToolDelta,
    Usage,
)
from promptls.providers.request import Endpoint, Request, UnsupportedError
from tests.providers.cuts import joined, nothing_raises
from tests.providers.streams import decoded, sse

HERE = Endpoint(
    "googleai", "googleai", "gemini", "https://generativelanguage.googleapis.com/v1", "header:x-goog-api-key"
)
ROOT = "https://generativelanguage.googleapis.com/v1/models"
USER = Message("user", (Part("text", "Hi"),))
ASKED = Request("gemini-x", (USER,))


def body_of(request: Request) -> dict[str, Any]:
    return dict(json.loads(gemini.build(request, HERE).body))


def answer(data: bytes) -> list[Any]:
    return joined(decoded(lambda: gemini.decoder(ASKED, "text/event-stream"), data))


def chunk(*parts: dict[str, Any], finish: str = "", **more: Any) -> dict[str, Any]:
    candidate: dict[str, Any] = {"content": {"role": "model", "parts": list(parts)}}
    return {"candidates": [{**candidate, **({"finishReason": finish} if finish else {})}], **more}


def test_only_what_is_needed_is_sent() -> None:
    http = gemini.build(ASKED, HERE)
    assert http.url == f"{ROOT}/gemini-x:streamGenerateContent?alt=sse"
    assert json.loads(http.body) == {"contents": [{"role": "user", "parts": [{"text": "Hi"}]}]}


@pytest.mark.parametrize(
    ("model", "path"),
    [("gemini-x", "models/gemini-x"), ("models/gemini-x", "models/gemini-x"), ("tunedModels/a?b", "tunedModels/a%3Fb")],
)
def test_the_model_stands_in_the_address(model: str, path: str) -> None:
    http = gemini.build(Request(model, (USER,), stream=False), HERE)
    assert http.url == f"{HERE.base_url}/{path}:generateContent"


def test_vertex_brings_its_own_address() -> None:
    base = "https://aiplatform.googleapis.com/v1/projects/p/locations/global/publishers/google"
    http = gemini.build(ASKED, Endpoint("vertexai", "vertexai", "gemini", base))
    assert http.url == f"{base}/models/gemini-x:streamGenerateContent?alt=sse"


def test_settings_in_its_own_words() -> None:
    options = {
        "max_tokens": 5,
        "temperature": 0,
        "top_p": 0.5,
        "top_k": 3,
        "seed": 1,
        "stop": "END",
        "thinking_budget": 0,
        "tool_choice": "now",
        "logprobs": True,
        "top_logprobs": 2,
    }
    body = body_of(Request("m", (USER,), options=options, output={"type": "object"}))
    assert body["generationConfig"] == {
        "maxOutputTokens": 5,
        "temperature": 0,
        "topP": 0.5,
        "topK": 3,
        "seed": 1,
        "stopSequences": ["END"],
        "thinkingConfig": {"thinkingBudget": 0},
        "responseLogprobs": True,
        "logprobs": 2,
        "responseMimeType": "application/json",
        "responseJsonSchema": {"type": "object"},
    }
    assert body["toolConfig"] == {"functionCallingConfig": {"mode": "ANY", "allowedFunctionNames": ["now"]}}


@pytest.mark.parametrize(
    ("options", "wanted"),
    [
        ({"reasoning_effort": "high"}, {"thinkingConfig": {"thinkingLevel": "HIGH"}}),
        ({"reasoning_effort": "none"}, {"thinkingConfig": {"thinkingBudget": 0}}),
        ({"response_format": {"type": "json_object"}}, {"responseMimeType": "application/json"}),
    ],
)
def test_words_that_others_have_otherwise(options: dict[str, Any], wanted: dict[str, Any]) -> None:
    assert body_of(Request("m", (USER,), options=options))["generationConfig"] == wanted


def test_what_is_in_its_own_words_lies_on_top() -> None:
    extra = {
        "generationConfig": {"thinkingConfig": {"includeThoughts": True}},
        "safetySettings": [{"category": "A"}],
        "codeExecution": True,
        "googleSearch": False,
    }
    tools = (Tool("now", "The time"),)
    body = body_of(Request("m", (USER,), options={"thinking_budget": 9}, extra=extra, tools=tools))
    assert body["generationConfig"] == {"thinkingConfig": {"thinkingBudget": 9, "includeThoughts": True}}
    assert body["safetySettings"] == [{"category": "A"}]
    empty = {"type": "object", "properties": {}}
    assert body["tools"] == [
        {"functionDeclarations": [{"name": "now", "description": "The time", "parametersJsonSchema": empty}]},
        {"codeExecution": {}},
    ]


def test_what_has_no_word_is_said() -> None:
    assert [each.name for each in gemini.unmapped(Request("m", (USER,), options={"user": "u"}), HERE)] == ["user"]


def test_pictures_sounds_calls_and_what_the_system_says() -> None:
    call = {"id": "c", "function": {"name": "now", "arguments": "{}"}}
    parts = (
        Part("image", "data:image/webp;base64,aGk="),
        Part("file", "gs://b/c.pdf"),
        Part("audio", "aGk=", "audio/mp3"),
    )
    messages = (
        Message("system", (Part("text", "A"),)),
        Message("user", parts),
        Message("assistant", (), {"tool_calls": [call]}),
        Message("tool", (Part("text", "noon"),), {"tool_call_id": "c"}),
    )
    body = body_of(Request("m", messages))
    assert body["systemInstruction"] == {"parts": [{"text": "A"}]}
    assert body["contents"] == [
        {
            "role": "user",
            "parts": [
                {"inlineData": {"mimeType": "image/webp", "data": "aGk="}},
                {"fileData": {"mimeType": "application/pdf", "fileUri": "gs://b/c.pdf"}},
                {"inlineData": {"mimeType": "audio/mp3", "data": "aGk="}},
            ],
        },
        {"role": "model", "parts": [{"functionCall": {"name": "now", "args": {}}}]},
        {"role": "user", "parts": [{"functionResponse": {"name": "now", "response": {"result": "noon"}}}]},
    ]


def test_another_operation_is_refused() -> None:
    with pytest.raises(UnsupportedError, match="no operation `embedding`"):
        gemini.build(Request("m", (USER,), operation="embedding"), HERE)


def test_an_answer_in_pieces() -> None:
    about = {"modelVersion": "gemini-x-001", "responseId": "r"}
    data = sse(
        chunk({"text": "Hm", "thought": True}, usageMetadata={"promptTokenCount": 4}, **about),
        chunk({"text": "Grü"}, **about),
        chunk({"text": "ße \u2028😀"}, finish="STOP", **about),
        {"usageMetadata": {"promptTokenCount": 4, "candidatesTokenCount": 6, "thoughtsTokenCount": 2}},
    )
    assert answer(data) == [
        Answering("gemini-x-001", "r"),
        ThinkingDelta("Hm"),
        Usage(4),
        TextDelta("Grüße \u2028😀"),
        Usage(4, 8, None, 2),
        Finish("stop", "STOP"),
    ]
    nothing_raises(lambda: gemini.decoder(ASKED, "text/event-stream"), data)


def test_calls_and_pictures() -> None:
    data = sse(
        chunk({"functionCall": {"name": "now", "args": {}}}, {"functionCall": {"name": "get", "args": {"a": [1]}}}),
        chunk({"inlineData": {"mimeType": "image/png", "data": "aGk="}}, finish="STOP"),
    )
    assert answer(data) == [
        ToolDelta(0, "", "now", "{}"),
        ToolDelta(1, "", "get", '{"a":[1]}'),
        MediaDelta("data:image/png;base64,aGk=", "image/png"),
        Finish("tool_calls", "STOP"),
    ]


@pytest.mark.parametrize("listed", [True, False])
def test_an_answer_in_one_document(listed: bool) -> None:
    whole = [chunk({"text": "a"}), chunk({"text": "b"}, finish="MAX_TOKENS")]
    data = whole if listed else chunk({"text": "ab"}, finish="MAX_TOKENS")
    assert answer(json.dumps(data).encode()) == [TextDelta("ab"), Finish("length", "MAX_TOKENS")]


@pytest.mark.parametrize(
    ("reason", "wanted"),
    [("SAFETY", "content_filter"), ("RECITATION", "content_filter"), ("MALFORMED_FUNCTION_CALL", "other")],
)
def test_why_it_ended(reason: str, wanted: str) -> None:
    assert answer(sse(chunk({"text": "x"}, finish=reason)))[-1] == Finish(wanted, reason)


def test_a_prompt_that_was_blocked() -> None:
    assert answer(sse({"promptFeedback": {"blockReason": "SAFETY"}})) == [
        Finish("content_filter", "the prompt: SAFETY")
    ]


def test_a_stream_without_a_reason_is_truncated() -> None:
    before, last = answer(sse(chunk({"text": "part"})))
    assert before == TextDelta("part")
    assert isinstance(last, Failure)
    assert last.kind == "truncated"


def test_an_error_in_the_middle_comes_as_bare_json() -> None:
    error = json.dumps({"error": {"code": 503, "message": "Overloaded", "status": "UNAVAILABLE"}}, indent=2)
    before, last = answer(sse(chunk({"text": "part"})) + error.encode())
    assert before == TextDelta("part")
    assert isinstance(last, Failure)
    assert (last.kind, last.status, last.retryable) == ("overloaded", 503, True)


def test_models_that_answer_prompts() -> None:
    assert gemini.list_models(HERE).url == ROOT
    found = gemini.read_models(
        {
            "models": [
                {
                    "name": "models/gemini-x",
                    "displayName": "X",
                    "inputTokenLimit": 1000,
                    "supportedGenerationMethods": ["generateContent"],
                },
                {"name": "models/embedding-x", "supportedGenerationMethods": ["embedContent"]},
            ]
        }
    )
    assert found == (("gemini-x", "X", 1000),)
    assert gemini.read_models(None) == ()
