"""The bodies that the vendors' own SDKs send for the same wish (recorded in ``official.json``)."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from promptls.prompt.message import Message, Part
from promptls.prompt.model import Tool
from promptls.providers.request import Endpoint, Request
from promptls.providers.wire import wire_of

RECORDED: dict[str, Any] = json.loads(Path(__file__).with_name("official.json").read_text(encoding="utf-8"))
CALL = {"id": "c1", "type": "function", "function": {"name": "now", "arguments": '{"zone":"UTC"}'}}
MESSAGES = (
    Message("system", (Part("text", "Be brief"),)),
    Message("user", (Part("text", "Hi"), Part("image", "data:image/png;base64,iVBORw0KGgo="))),
    Message("assistant", (Part("text", "I look"),), {"tool_calls": [CALL]}),
    Message("tool", (Part("text", "noon"),), {"tool_call_id": "c1"}),
)
ZONE = {"type": "object", "properties": {"zone": {"type": "string"}}, "required": ["zone"]}
SHAPE = {
    "type": "object",
    "properties": {"a": {"type": "string"}},
    "required": ["a"],
    "additionalProperties": False,
}
COMMON = {"max_tokens": 100, "stop": ["END"], "tool_choice": "required"}
OPTIONS = {
    "anthropic": {
        **COMMON,
        "max_tokens": 4000,
        "thinking_budget": 2000,
        "reasoning_effort": "high",
        "user": "u",
        "parallel_tool_calls": False,
    },
    "gemini": {
        **COMMON,
        "temperature": 0.5,
        "top_p": 0.9,
        "top_k": 4,
        "seed": 3,
        "thinking_budget": 10,
        "frequency_penalty": 0.1,
        "presence_penalty": 0.2,
    },
    "bedrock": {**COMMON, "temperature": 0.5, "top_p": 0.9, "top_k": 4, "reasoning_effort": "low"},
}


@pytest.mark.parametrize("wire", OPTIONS)
def test_we_ask_as_the_official_sdk_does(wire: str) -> None:
    request = Request("model-x", MESSAGES, options=OPTIONS[wire], tools=(Tool("now", "The time", ZONE),), output=SHAPE)
    base = "http://x" if wire == "bedrock" else "http://x/v1"
    http = wire_of(wire).build(request, Endpoint(wire, wire, wire, base))
    theirs = RECORDED[wire]
    assert http.url == f"http://x{theirs['path']}"
    assert json.loads(http.body) == _same_words(theirs["body"])
    assert dict(http.headers).get("anthropic-version") == theirs.get("version")


def _same_words(value: Any) -> Any:
    """google-genai mixes two spellings that the API takes for one, and gives the system a role that it has not."""
    if isinstance(value, list):
        return [_same_words(each) for each in value]
    if not isinstance(value, dict):
        return value
    named = {_camel(name): _same_words(each) for name, each in value.items()}
    if "systemInstruction" in named:
        named["systemInstruction"].pop("role")
    return named


def _camel(name: str) -> str:
    if name not in ("mime_type", "thinking_budget", "parameters_json_schema"):
        return name
    return re.sub("_(.)", lambda found: found[1].upper(), name)
