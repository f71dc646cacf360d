"""What holds for every service in every wire format that it is asked in."""

from __future__ import annotations

import ast
import json
from typing import Any

import pytest

from promptls.providers.copy_as import curl_of, python_of
from promptls.providers.echo import wire_view
from promptls.providers.event import Failure
from promptls.providers.parameters import parameters
from promptls.providers.request import Endpoint, HttpRequest, Request
from promptls.providers.services import endpoint_of, services
from promptls.providers.wire import wire_of
from promptls.workspace.running import ProviderSettings
from tests.providers.streams import user
from tests.providers.test_services import SET

ALL = [(name, wire) for name, service in services().items() for wire in service.wires if wire != "echo"]
VALUES: dict[str, Any] = {
    "max_tokens": 4111, "temperature": 0.4112, "top_p": 0.4113, "top_k": 4114, "min_p": 0.4115,
    "frequency_penalty": 0.4116, "presence_penalty": 0.4117, "repetition_penalty": 1.4118, "seed": 4119,
    "stop": ["s4120"], "reasoning_effort": "high", "verbosity": "low", "thinking_budget": 2121,
    "context_length": 4122, "logit_bias": {"4123": 1}, "user": "u4124", "n": 4125, "parallel_tool_calls": False,
    "tool_choice": "required", "logprobs": True, "top_logprobs": 13, "response_format": "json_object",
}  # fmt: skip


@pytest.fixture(autouse=True)
def own_model(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if it was installed: nothing here starts it."""
    monkeypatch.setattr("promptls.providers.services.installed", lambda _: True)


def endpoint(service: str, wire: str) -> Endpoint:
    return endpoint_of(ProviderSettings(service, **SET.get(service, {})), {}, wire=wire)


def built(service: str, wire: str, **more: Any) -> tuple[HttpRequest, Endpoint]:
    there = endpoint(service, wire)
    return wire_of(wire).build(Request("model-x", (user("Hi"),), **more), there), there


@pytest.mark.parametrize(("service", "wire"), ALL)
def test_a_plain_request_can_be_made_shown_and_copied(service: str, wire: str) -> None:
    for stream in (True, False):
        http, there = built(service, wire, stream=stream)
        assert http.method == "POST"
        assert "//" not in http.url.partition("://")[2]
        assert "/v1/v1" not in http.url
        assert "Hi" in json.dumps(json.loads(http.body))
        for shown in (wire_view(http, there), curl_of(http, there), python_of(http, there)):
            assert http.url in shown
        ast.parse(python_of(http, there))


@pytest.mark.parametrize(("service", "wire"), ALL)
@pytest.mark.parametrize("name", list(VALUES))
def test_what_is_set_is_sent_or_told_of(service: str, wire: str, name: str) -> None:
    """Never lost without a word, and nothing else comes with it."""
    there = endpoint(service, wire)
    plain = Request("model-x", (user("Hi"),))
    request = Request("model-x", (user("Hi"),), options={name: VALUES[name]})
    sent = wire_of(wire).build(request, there).body != wire_of(wire).build(plain, there).body
    told = name in [each.name for each in wire_of(wire).unmapped(request, there)]
    # A choice among tools says nothing where there are none.
    assert sent != told or name in ("tool_choice", "parallel_tool_calls")


def test_the_values_are_of_all_settings() -> None:
    assert set(VALUES) == set(parameters())


@pytest.mark.parametrize(("service", "wire"), ALL)
def test_no_answer_at_all_is_one_failure(service: str, wire: str) -> None:
    for content_type in ("text/event-stream", "application/json", ""):
        for data in (b"", b" ", b"<html>", b"{", b"null", b"\x00" * 40):
            decoder = wire_of(wire).decoder(Request("m", ()), content_type)
            events = [*decoder.feed(data), *decoder.end()]
            assert sum(isinstance(event, Failure) for event in events) == 1, (content_type, data, events)


@pytest.mark.parametrize(("service", "wire"), ALL)
def test_models_are_listed_at_the_host_of_the_key(service: str, wire: str) -> None:
    http = wire_of(wire).list_models(endpoint(service, wire))
    assert (http.method, http.body) == ("GET", b"")
    assert "//" not in http.url.partition("://")[2]
    junks: tuple[Any, ...] = (None, 5, [], {}, {"data": 5}, {"models": [None, {}]})
    for junk in junks:
        assert wire_of(wire).read_models(junk) == ()
