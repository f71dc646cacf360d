"""The bodies that the vendors' own SDKs send for the same wish (recorded in ``official_openai.json``)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from promptls.prompt.message import Message, Part
from promptls.prompt.model import Tool
from promptls.providers.wire import wire_of
from tests.providers.streams import ask, body_of, user

RECORDED: dict[str, Any] = json.loads(Path(__file__).with_name("official_openai.json").read_text(encoding="utf-8"))
CALL = {"id": "c1", "type": "function", "function": {"name": "now", "arguments": '{"zone":"UTC"}'}}
ZONE = {"type": "object", "properties": {"zone": {"type": "string"}}, "required": ["zone"]}
SHAPE = {"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"], "additionalProperties": False}
FIRST = (
    Message("system", (Part("text", "Be brief"),)),
    user("Hi", Part("image", "data:image/png;base64,iVBORw0KGgo=")),
)
MESSAGES = (
    *FIRST,
    Message("assistant", (Part("text", "I look"),), {"tool_calls": [CALL]}),
    Message("tool", (Part("text", "noon"),), {"tool_call_id": "c1"}),
)
COMMON: dict[str, Any] = {"max_tokens": 100, "temperature": 0.5, "top_p": 0.9}
MORE: dict[str, Any] = {**COMMON, "stop": ["END"], "seed": 3, "frequency_penalty": 0.1, "presence_penalty": 0.2}
TOLD: dict[str, Any] = {
    "reasoning_effort": "low", "verbosity": "low", "user": "u", "parallel_tool_calls": False, "top_logprobs": 2,
    "tool_choice": "required",
}  # fmt: skip
OPTIONS: dict[str, dict[str, Any]] = {
    "openai-chat": {**MORE, **TOLD, "logit_bias": {"5": 1}, "logprobs": True},
    "openai-responses": {**COMMON, **TOLD},
    "ollama": {
        **MORE,
        "context_length": 8192,
        "top_k": 4,
        "min_p": 0.1,
        "repetition_penalty": 1.1,
        "reasoning_effort": "low",
    },
    "cohere": {**MORE, "top_k": 4, "tool_choice": "required", "thinking_budget": 10, "logprobs": True},
    "mistral": {**MORE, "tool_choice": "required", "parallel_tool_calls": False},
}
SERVICES = {"openai-chat": "openai", "openai-responses": "openai"}


@pytest.mark.parametrize("name", OPTIONS)
def test_we_ask_as_the_official_sdk_does(name: str) -> None:
    request, endpoint = ask(
        SERVICES.get(name, name),
        messages=FIRST if name == "mistral" else MESSAGES,
        wire=name if name.startswith("openai") else "",
        model="model-x",
        options=OPTIONS[name],
        tools=(Tool("now", "The time", ZONE),),
        output=SHAPE,
    )
    theirs = RECORDED[name]
    assert wire_of(endpoint.wire).build(request, endpoint).url.endswith(theirs["path"])
    assert body_of(request, endpoint) == _same_words(name, theirs["body"])


def _same_words(name: str, body: dict[str, Any]) -> dict[str, Any]:
    """What the SDKs say otherwise and the APIs take for the same."""
    if name == "openai-responses":
        # A null that the SDK's types ask for.
        body["tools"][0].pop("strict")
    if name == "mistral":
        # Mistral takes an image's address bare or as OpenAI wraps it, and a schema with strict or without.
        part = body["messages"][1]["content"][1]
        part["image_url"] = {"url": part["image_url"]}
        body["response_format"]["json_schema"].pop("strict")
    return body


@pytest.mark.parametrize(
    ("name", "service", "more"),
    [
        ("azure", "azure", {"endpoint": "https://r.openai.azure.com", "api_version": "2024-10-21", "model": "my dep"}),
        ("image", "openai", {"operation": "image", "options": {"n": 2, "user": "u"}, "extra": {"size": "1024x1024"}}),
        (
            "embedding",
            "openai",
            {
                "operation": "embedding",
                "messages": (user("a"), user("b")),
                "options": {"user": "u"},
                "extra": {"dimensions": 8, "encoding_format": "float"},
            },
        ),
        ("speech", "openai", {"operation": "speech", "extra": {"voice": "alloy"}}),
        ("ollama-embed", "ollama", {"operation": "embedding"}),
        ("cohere-embed", "cohere", {"operation": "embedding"}),
    ],
)
def test_other_operations_as_well(name: str, service: str, more: dict[str, Any]) -> None:
    said = {"azure": "Hi", "image": "A cat", "speech": "A cat"}.get(name, "x")
    request, endpoint = ask(service, said, **{"model": "model-x", **more})
    theirs = RECORDED[name]
    assert wire_of(endpoint.wire).build(request, endpoint).url.endswith(theirs["path"])
    ours = body_of(request, endpoint)
    ours.pop("stream_options", None)
    assert ours == theirs["body"]
