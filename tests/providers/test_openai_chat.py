"""OpenAI Chat: requests as its SDK makes them, answers as its servers and those that are like it send them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from promptls.prompt.message import Message, Part
from promptls.prompt.model import Tool
from promptls.providers import openai_chat
from promptls.providers.event import (
    Answering,
    Failure,
    Finish,
    TextDelta,
    ThinkingDelta,
    ToolDelta,
    Usage,
)
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
    sse,
    text_of,
    thinking_of,
    user,
)

MAKE = decoder_of("openai-chat")
WEATHER = Tool(
    "get_weather", "Get weather", {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}
)


def chunk(delta: dict[str, Any] | None = None, finish: str | None = None, **more: Any) -> dict[str, Any]:
    choice = {"index": 0, "delta": delta or {}, "finish_reason": finish}
    return {"id": "chatcmpl-1", "object": "chat.completion.chunk", "model": "gpt-x-2026", "choices": [choice], **more}


USAGE = {
    "prompt_tokens": 9, "completion_tokens": 4, "total_tokens": 13,
    "prompt_tokens_details": {"cached_tokens": 3}, "completion_tokens_details": {"reasoning_tokens": 2},
}  # fmt: skip
STREAM = sse(
    chunk({"role": "assistant", "content": None}),
    chunk({"content": "Hel"}),
    chunk({"content": f"lo {ODD}"}),
    chunk({}, "stop"),
    {"id": "chatcmpl-1", "model": "gpt-x-2026", "choices": [], "usage": USAGE},
    done=True,
)


def test_only_what_is_set_is_sent() -> None:
    request, endpoint = ask("openai", "Hello")
    built = openai_chat.build(request, endpoint)
    assert (built.method, built.url, built.stream) == ("POST", "https://api.openai.com/v1/chat/completions", True)
    assert built.headers == (("content-type", "application/json"), ("accept", "text/event-stream"))
    assert json.loads(built.body) == {
        "model": "m",
        "messages": [{"role": "user", "content": "Hello"}],
        "stream": True,
        "stream_options": {"include_usage": True},
    }


def test_settings_are_sent_in_the_services_words() -> None:
    options = {"max_tokens": 5, "seed": 1, "stop": "X", "temperature": 0.5, "reasoning_effort": "low", "top_k": 3}
    request, endpoint = ask("openai", options=options, stream=False)
    assert body_of(request, endpoint) == {
        "model": "m", "messages": [{"role": "user", "content": "Hi"}],
        "max_completion_tokens": 5, "seed": 1, "stop": ["X"], "temperature": 0.5, "reasoning_effort": "low",
    }  # fmt: skip
    request, endpoint = ask("mistral", options=options)
    body = body_of(request, endpoint)
    assert (body["max_tokens"], body["random_seed"], body["stream"]) == (5, 1, True)
    assert "stream_options" not in body
    assert "seed" not in body
    request, endpoint = ask("llamacpp", options=options)
    assert body_of(request, endpoint)["top_k"] == 3


def test_what_is_unknown_goes_as_it_is_but_for_the_stream() -> None:
    extra = {"stream": False, "stream_options": {"x": 1}, "service_tier": "flex", "logit_bias": {"5": 1}}
    options = {"logit_bias": {"1": -5}}
    request, endpoint = ask("openai", options=options, extra=extra)
    body = body_of(request, endpoint)
    assert body["stream"] is True
    assert body["stream_options"] == {"include_usage": True}
    assert (body["service_tier"], body["logit_bias"]) == ("flex", {"1": -5, "5": 1})
    assert options == {"logit_bias": {"1": -5}}


def test_gpt4all_is_asked_for_a_whole_answer_of_some_length() -> None:
    request, endpoint = ask("gpt4all")
    built = openai_chat.build(request, endpoint)
    assert not built.stream
    body = json.loads(built.body)
    assert (body["stream"], body["max_tokens"]) == (False, 2048)
    request, endpoint = ask("gpt4all", options={"max_tokens": 7})
    assert body_of(request, endpoint)["max_tokens"] == 7


def test_an_azure_deployment_stands_in_the_address() -> None:
    dated: dict[str, Any] = {"endpoint": "https://r.openai.azure.com", "api_version": "2024-10-21"}
    request, endpoint = ask("azure", model="my dep", **dated)
    assert openai_chat.build(request, endpoint).url == (
        "https://r.openai.azure.com/openai/deployments/my%20dep/chat/completions?api-version=2024-10-21"
    )
    assert openai_chat.list_models(endpoint).url == "https://r.openai.azure.com/openai/models?api-version=2024-10-21"
    request, endpoint = ask("azure", endpoint="https://r.openai.azure.com")
    assert openai_chat.build(request, endpoint).url == "https://r.openai.azure.com/openai/v1/chat/completions"


def test_a_custom_address_is_the_whole_address() -> None:
    request, endpoint = ask("custom", base_url="https://x.example/ask?team=a", headers={"Accept": "*/*", "X-Team": "a"})
    built = openai_chat.build(request, endpoint)
    assert built.url == "https://x.example/ask?team=a"
    assert built.headers == (("content-type", "application/json"), ("Accept", "*/*"), ("X-Team", "a"))


def test_parts_of_all_kinds() -> None:
    parts = (
        "Look:",
        Part("image", "https://x/p.png"),
        Part("image", "iVBORw==", "image/jpeg"),
        Part("image", "data:image/png;base64,iVBORw=="),
        Part("audio", "UklG", "audio/wav"),
        Part("audio", "data:audio/mpeg;base64,SUQz"),
        Part("file", "data:application/pdf;base64,JVBE"),
        Part("section", "history"),
    )
    request, endpoint = ask("openai", messages=(user(*parts), Message("user", (Part("section", "history"),))))
    assert body_of(request, endpoint)["messages"] == [
        {
            "role": "user",
            "content": [
                {"type": "text", "text": "Look:"},
                {"type": "image_url", "image_url": {"url": "https://x/p.png"}},
                {"type": "image_url", "image_url": {"url": "data:image/jpeg;base64,iVBORw=="}},
                {"type": "image_url", "image_url": {"url": "data:image/png;base64,iVBORw=="}},
                {"type": "input_audio", "input_audio": {"data": "UklG", "format": "wav"}},
                {"type": "input_audio", "input_audio": {"data": "SUQz", "format": "mp3"}},
                {"type": "file", "file": {"filename": "file", "file_data": "data:application/pdf;base64,JVBE"}},
            ],
        }
    ]


@pytest.mark.parametrize(
    ("part", "said"),
    [
        (Part("audio", "https://x/a.wav"), "only as a data: URL"),
        (Part("file", "https://x/a.pdf"), "with its content"),
        (Part("video", "data:video/mp4;base64,AA"), "no word for a part of the kind `video`"),
    ],
)
def test_parts_that_it_cannot_say(part: Part, said: str) -> None:
    request, endpoint = ask("openai", messages=(user(part),))
    with pytest.raises(UnsupportedError, match=said):
        openai_chat.build(request, endpoint)


def test_roles_of_other_formats_get_openais_names() -> None:
    messages = tuple(Message(role, (Part("text", "x"),)) for role in ("system", "developer", "model", "human", "tool"))
    request, endpoint = ask("openai", messages=messages)
    assert [each["role"] for each in body_of(request, endpoint)["messages"]] == [
        "system", "developer", "assistant", "user", "tool",
    ]  # fmt: skip
    request, endpoint = ask("mistral", messages=messages)
    assert body_of(request, endpoint)["messages"][1]["role"] == "system"


def test_a_call_of_a_tool_and_its_answer_are_metadata() -> None:
    call = {"id": "c1", "type": "function", "function": {"name": "f", "arguments": "{}"}}
    messages = (
        Message("assistant", (), {"tool_calls": [call], "other": 1}),
        Message("tool", (Part("text", "5"),), {"tool_call_id": "c1"}),
    )
    request, endpoint = ask("openai", messages=messages)
    assert body_of(request, endpoint)["messages"] == [
        {"role": "assistant", "tool_calls": [call], "content": ""},
        {"role": "tool", "tool_call_id": "c1", "content": "5"},
    ]


def test_tools_and_the_shape_of_the_answer() -> None:
    output = {"type": "object", "properties": {"a": {"type": "string"}, "b": {"type": "integer"}}, "required": ["a"]}
    request, endpoint = ask("openai", tools=(WEATHER, Tool("now")), output=output, output_name="my answer!")
    body = body_of(request, endpoint)
    assert body["tools"] == [
        {
            "type": "function",
            "function": {"name": "get_weather", "description": "Get weather", "parameters": WEATHER.parameters},
        },
        {"type": "function", "function": {"name": "now", "parameters": {"type": "object", "properties": {}}}},
    ]
    assert body["response_format"] == {
        "type": "json_schema",
        "json_schema": {
            "name": "my_answer",
            "strict": True,
            "schema": {
                "type": "object",
                "properties": {"a": {"type": "string"}, "b": {"type": ["integer", "null"]}},
                "required": ["a", "b"],
                "additionalProperties": False,
            },
        },
    }
    request, endpoint = ask("vllm", output=output)
    assert body_of(request, endpoint)["response_format"]["json_schema"] == {"name": "answer", "schema": output}
    request, endpoint = ask("openai", options={"response_format": "json_object"})
    assert body_of(request, endpoint)["response_format"] == {"type": "json_object"}


def test_a_number_that_json_cannot_say_is_told() -> None:
    request, endpoint = ask("openai", options={"temperature": float("inf")})
    with pytest.raises(UnsupportedError, match="infinite"):
        openai_chat.build(request, endpoint)


def test_half_a_character_breaks_nothing() -> None:
    request, endpoint = ask("openai", "a\ud83d")
    assert body_of(request, endpoint)["messages"][0]["content"] == "a?"


def test_a_stream_is_text_usage_and_one_end() -> None:
    events = decoded(MAKE, STREAM)
    assert events == [
        Answering("gpt-x-2026", "chatcmpl-1"),
        TextDelta("Hel"),
        TextDelta(f"lo {ODD}"),
        Finish("stop", "stop"),
        Usage(9, 4, 3, 2),
    ]


def test_llama_cpp_without_an_end_mark_and_with_crlf() -> None:
    stream = sse(chunk({"reasoning_content": "hm"}), chunk({"content": "x"}), chunk({}, "length"), end="\r\n")
    events = decoded(MAKE, stream)
    assert (thinking_of(events), text_of(events), last(events)) == ("hm", "x", Finish("length", "length"))


def test_an_end_mark_without_a_reason_is_an_end() -> None:
    assert last(decoded(MAKE, sse(chunk({"content": "x"}), done=True))) == Finish("stop", "[DONE]")


def test_tool_calls_come_in_pieces() -> None:
    def call(index: int, arguments: str, **more: Any) -> dict[str, Any]:
        return chunk(
            {"tool_calls": [{"index": index, "function": {"arguments": arguments, **more.pop("function", {})}, **more}]}
        )

    events = decoded(
        MAKE,
        sse(
            call(0, "", id="c0", type="function", function={"name": "get_weather"}),
            call(0, '{"city":'),
            call(0, f'"{ODD}"}}'.replace("\u2028", "")),
            call(1, "{}", id="c1", function={"name": "now"}),
            chunk({}, "tool_calls"),
            done=True,
        ),
    )
    assert calls_of(events) == {
        0: ("c0", "get_weather", f'{{"city":"{ODD}"}}'.replace("\u2028", "")),
        1: ("c1", "now", "{}"),
    }
    assert last(events) == Finish("tool_calls", "tool_calls")


def test_tool_calls_without_an_index_are_told_apart_by_their_ids() -> None:
    calls = [{"id": "a", "function": {"name": "f", "arguments": {"x": 1}}}, {"id": "b", "function": {"name": "g"}}]
    events = decoded(MAKE, sse(*(chunk({"tool_calls": [call]}) for call in calls), chunk({}, "function_call")))
    assert calls_of(events) == {0: ("a", "f", '{"x": 1}'), 1: ("b", "g", "")}


def test_mistral_thinks_in_parts() -> None:
    thinking = {"type": "thinking", "thinking": [{"type": "text", "text": "hm"}]}
    events = decoded(MAKE, sse(chunk({"content": [thinking, {"type": "text", "text": "yes"}]}), chunk({}, "stop")))
    assert [type(event) for event in events[1:3]] == [ThinkingDelta, TextDelta]


def test_a_refusal_is_an_answer_that_says_so() -> None:
    events = decoded(MAKE, sse(chunk({"refusal": "I can"}), chunk({"refusal": "not"}), chunk({}, "stop"), done=True))
    assert events[1:] == [TextDelta("I cannot"), Finish("refusal", "I cannot")]


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        ({"error": {"message": "Overloaded", "type": "overloaded_error"}}, "overloaded"),
        ({"error": {"message": "The server had an error", "type": "server_error", "code": None}}, "server"),
        ({"error": {"code": 503, "message": "Loading model", "type": "unavailable_error"}}, "loading"),
        ({"error": "something"}, "server"),
        ({"object": "error", "message": "out of tokens", "code": 429}, "rate-limit"),
    ],
)
def test_an_error_inside_a_stream_ends_it(error: dict[str, Any], kind: str) -> None:
    events = decoded(MAKE, sse(chunk({"content": "par"}), error, chunk({"content": "never"}), done=True))
    assert text_of(events) == "par"
    found = last(events)
    assert isinstance(found, Failure)
    assert (found.kind, found.retryable) == (kind, True)


def test_mistral_ends_with_an_error() -> None:
    found = last(decoded(MAKE, sse(chunk({"content": "x"}), chunk({}, "error"), done=True)))
    assert isinstance(found, Failure)
    assert found.kind == "server"


def test_a_stream_that_breaks_off_is_a_failure() -> None:
    whole = sse(chunk({"content": "one"}), chunk({"content": "two"}))
    for cut in (whole, whole[:-20], whole[: len(whole) // 2]):
        events = decoded(MAKE, cut)
        assert events[-1] == Failure("truncated", "The answer broke off before its end.", retryable=True)
        assert text_of(events) in ("one", "onetwo")
    assert last(decoded(MAKE, b"")) == Failure(
        "empty", "The answer is empty: the connection was closed at once.", retryable=True
    )
    assert isinstance(last(decoded(MAKE, b": ping\n\n")), Failure)


@pytest.mark.parametrize(
    "broken",
    [
        b'data: {"choices": [\n\n',
        b"data: hello\n\n",
        b'data: {"choices": 5}\n\n',
        b'data: {"choices": [{"delta": 5}]}\n\n',
        b"data: []]\n\n",
    ],
)
def test_a_part_that_cannot_be_read_ends_it(broken: bytes) -> None:
    events = decoded(MAKE, sse(chunk({"content": "x"})) + broken + sse(chunk({}, "stop"), done=True))
    found = events[-1]
    assert isinstance(found, Failure)
    assert found.kind == "malformed"
    assert text_of(events) == "x"


def test_a_web_page_is_told() -> None:
    found = last(decoded(MAKE, b"<!doctype html><title>Sign in</title>"))
    assert isinstance(found, Failure)
    assert "web page" in found.message


def test_a_whole_answer_under_any_content_type() -> None:
    message = {"role": "assistant", "content": f"Hello {ODD}", "reasoning_content": "hm", "tool_calls": None}
    answer = {
        "id": "c",
        "model": "m",
        "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
        "usage": USAGE,
    }
    for content_type in ("application/json", "text/event-stream", ""):
        events = decoded(decoder_of("openai-chat", content_type=content_type), json.dumps(answer, indent=1).encode())
        assert (text_of(events), thinking_of(events), last(events)) == (f"Hello {ODD}", "hm", Finish("stop", "stop"))
    broken = json.dumps(answer).encode()[:-9]
    found = last(decoded(MAKE, broken))
    assert isinstance(found, Failure)
    assert isinstance(last(decoded(MAKE, b'{"choices": []}')), Failure)
    assert isinstance(last(decoded(MAKE, b'{"error": {"message": "no"}}')), Failure)


def test_other_answers_of_several_are_left_out() -> None:
    second = {"index": 1, "delta": {"content": "other"}, "finish_reason": "length"}
    events = decoded(MAKE, sse(chunk({"content": "x"}, choices=[second]), chunk({"content": "y"}, "stop"), done=True))
    assert (text_of(events), last(events)) == ("y", Finish("stop", "stop"))


def test_nothing_makes_it_raise() -> None:
    for data in (*prefixes(STREAM), *damaged(STREAM)):
        decoded(MAKE, data)
    for junk in (b"data: " + b"[" * 100_000 + b"\n\n", b"[" * 100_000, b"data: NaN\n\n", b"data: null\n\n", b"null"):
        decoder = MAKE()
        assert isinstance(last([*decoder.feed(junk), *decoder.end()]), Failure)


def test_after_a_failure_comes_nothing() -> None:
    decoder = MAKE()
    assert isinstance(decoder.feed(b"data: nonsense\n\n")[-1], Failure)
    assert decoder.feed(STREAM) == []
    assert decoder.end() == []


def test_models_are_listed_as_each_server_lists_them() -> None:
    _request, endpoint = ask("openai")
    assert openai_chat.list_models(endpoint).url == "https://api.openai.com/v1/models"
    _request, endpoint = ask("github-models")
    assert openai_chat.list_models(endpoint).url == "https://models.github.ai/catalog/models"
    data = [{"id": "a"}, {"id": "b", "max_model_len": 4096}, {"id": "c", "meta": {"n_ctx_train": 8192}}, {"id": 5}, "d"]
    assert openai_chat.read_models({"data": data}) == (
        ModelInfo("a"),
        ModelInfo("b", "", 4096),
        ModelInfo("c", "", 8192),
    )
    github = [{"id": "openai/x", "name": "X", "limits": {"max_input_tokens": 99}}]
    assert openai_chat.read_models(github) == (ModelInfo("openai/x", "X", 99),)
    for junk in (None, 5, "x", {}, {"data": 5}, [None]):
        assert openai_chat.read_models(junk) == ()


def test_tool_deltas_name_their_call() -> None:
    data = sse(chunk({"tool_calls": [{"index": 2, "id": "c", "function": {"name": "f", "arguments": ""}}]}), done=True)
    assert ToolDelta(2, "c", "f", "") in decoded(MAKE, data)
