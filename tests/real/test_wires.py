"""The wire formats against servers that others wrote: llama.cpp's own, and llmock, which breaks on demand."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING

import pytest

from promptls.prompt.message import Message, Part
from promptls.prompt.model import Tool
from promptls.providers.event import Answering, Event, Failure, Finish, TextDelta, ToolDelta, Usage
from promptls.providers.failures import failure_of
from promptls.providers.request import Endpoint, Request
from promptls.providers.secret import Secret
from promptls.providers.transport import Transport, TransportError
from promptls.providers.wire import wire_of
from tests.real.conftest import ANSWER, needs

if TYPE_CHECKING:
    from llmock.pytest_plugin import LLMock

pytestmark = pytest.mark.real
HI = (Message("system", (Part("text", "Be brief"),)), Message("user", (Part("text", "Hi"),)))
WIRES = ("anthropic", "gemini")


@pytest.fixture
def broken(request: pytest.FixtureRequest) -> LLMock:
    needs("llmock")
    found: LLMock = request.getfixturevalue("llmock")
    return found


def endpoint_at(server: LLMock, wire: str) -> Endpoint:
    base = {"anthropic": "/anthropic/v1", "gemini": "/gemini/v1beta"}[wire]
    auth = {"anthropic": "header:x-api-key", "gemini": "header:x-goog-api-key"}[wire]
    return Endpoint(wire, wire, wire, server.url + base, auth, timeout=60)


def ask(endpoint: Endpoint, request: Request, key: str = "k") -> list[Event]:
    return asyncio.run(_ask(endpoint, request, key))


async def _ask(endpoint: Endpoint, request: Request, key: str) -> list[Event]:
    wire = wire_of(endpoint.wire)
    events: list[Event] = []
    transport = Transport(environment={})
    try:
        async with transport.open(wire.build(request, endpoint), endpoint, Secret(key, "KEY")) as response:
            if response.status != 200:
                return [failure_of(response.status, response.headers, await response.read(), endpoint)]
            decoder = wire.decoder(request, response.content_type)
            async for chunk in response.chunks:
                events += decoder.feed(chunk)
            events += decoder.end()
    except TransportError as error:
        events.append(error.failure)
    finally:
        await transport.aclose()
    return events


def text_of(events: list[Event]) -> str:
    return "".join(event.text for event in events if isinstance(event, TextDelta))


def failure(events: list[Event]) -> Failure:
    last = events[-1]
    assert isinstance(last, Failure), events
    return last


@pytest.mark.parametrize("stream", [True, False])
def test_llama_cpp_speaks_anthropics_messages(llama: tuple[str, str], stream: bool) -> None:
    base, key = llama
    here = Endpoint("local", "llamacpp", "anthropic", base, "bearer", quirks={"anthropic_version": "2023-06-01"})
    events = ask(here, Request("tiny", HI, options={"max_tokens": 8, "temperature": 0}, stream=stream), key)
    assert isinstance(events[0], Answering)
    assert isinstance(events[-1], Finish)
    usage = [event for event in events if isinstance(event, Usage)][-1]
    assert usage.output == 8
    assert usage.input


@pytest.mark.parametrize("stream", [True, False])
@pytest.mark.parametrize("wire", WIRES)
def test_an_answer(broken: LLMock, wire: str, stream: bool) -> None:
    broken.reply("Grüße \u2028 😀 und noch mehr")
    events = ask(endpoint_at(broken, wire), Request("model-x", HI, stream=stream))
    assert text_of(events) == "Grüße \u2028 😀 und noch mehr"
    assert events[-1].reason == "stop"  # type: ignore[union-attr]
    assert any(isinstance(event, Usage) and event.output for event in events)


@pytest.mark.parametrize("stream", [True, False])
@pytest.mark.parametrize("wire", WIRES)
def test_a_call_of_a_tool(broken: LLMock, wire: str, stream: bool) -> None:
    broken.call_tool("get_weather", {"city": "Rom"})
    tool = Tool("get_weather", "Weather", {"type": "object", "properties": {"city": {"type": "string"}}})
    events = ask(endpoint_at(broken, wire), Request("model-x", HI, tools=(tool,), stream=stream))
    calls = [event for event in events if isinstance(event, ToolDelta)]
    assert "".join(call.name for call in calls) == "get_weather"
    assert json.loads("".join(call.arguments for call in calls)) == {"city": "Rom"}
    assert events[-1].reason == "tool_calls"  # type: ignore[union-attr]


@pytest.mark.parametrize("wire", WIRES)
@pytest.mark.parametrize("kind", ["truncate", "disconnect", "corrupt"])
def test_an_answer_that_breaks_is_never_a_success(broken: LLMock, wire: str, kind: str) -> None:
    broken.reply("one two three four five six seven eight")
    getattr(broken, kind)(after_chunks=2)
    events = ask(endpoint_at(broken, wire), Request("model-x", HI))
    wanted = {"truncate": ("truncated",), "disconnect": ("connection", "truncated"), "corrupt": ("malformed",)}[kind]
    assert failure(events).kind in wanted
    assert not any(isinstance(event, Finish) for event in events)


@pytest.mark.parametrize("wire", WIRES)
@pytest.mark.parametrize(
    ("status", "kind"), [(401, "authentication"), (404, "not-found"), (429, "rate-limit"), (500, "server")]
)
def test_an_error_says_what_it_means(broken: LLMock, wire: str, status: int, kind: str) -> None:
    broken.fail(status, retry_after=7) if status == 429 else broken.fail(status)
    found = failure(ask(endpoint_at(broken, wire), Request("model-x", HI)))
    assert (found.kind, found.status) == (kind, status)
    assert found.message
    if status == 429:
        assert found.retry_after == 7


@pytest.mark.parametrize("stream", [True, False])
def test_bedrock_in_its_binary_streams(aimock: str, stream: bool) -> None:
    here = Endpoint("bedrock", "bedrock", "bedrock", aimock, "bearer", region="eu-west-1", timeout=60)
    model = "anthropic.claude-x-v1:0"
    events = ask(here, Request(model, HI, stream=stream))
    assert text_of(events) == ANSWER
    assert events[-1] == Finish("stop", "end_turn")
    asked = (Message("user", (Part("text", "Please call it"),)),)
    *calls, last = ask(here, Request(model, asked, tools=(Tool("now"),), stream=stream))
    assert "".join(call.arguments for call in calls if isinstance(call, ToolDelta)) == '{"zone":"UTC"}'
    assert last == Finish("tool_calls", "tool_use")
