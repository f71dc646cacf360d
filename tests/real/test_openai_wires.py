"""OpenAI Chat and Responses, Cohere and Mistral against servers that others wrote: llama.cpp's own, and llmock."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from promptls.prompt.message import Message, Part
from promptls.prompt.model import Tool
from promptls.providers.event import Answering, Event, Finish, MediaDelta, ToolDelta, Usage
from promptls.providers.request import Endpoint, Request
from promptls.providers.services import endpoint_of
from promptls.workspace.running import ProviderSettings
from tests.real.conftest import ANSWER, needs
from tests.real.test_wires import ask, failure, text_of

if TYPE_CHECKING:
    from llmock.pytest_plugin import LLMock

pytestmark = pytest.mark.real
HI = (Message("system", (Part("text", "Be brief"),)), Message("user", (Part("text", "Hi"),)))
LOCAL = ("openai-chat", "openai-responses")
KINDS = {
    "chat": ("openai", "openai-chat", "/v1"),
    "responses": ("openai", "openai-responses", "/v1"),
    "cohere": ("cohere", "cohere", "/cohere/v2"),
    "mistral": ("mistral", "openai-chat", "/mistral/v1"),
}


@pytest.fixture
def faulty(request: pytest.FixtureRequest) -> LLMock:
    needs("llmock")
    found: LLMock = request.getfixturevalue("llmock")
    return found


def at_mock(server: LLMock, kind: str) -> Endpoint:
    service, wire, path = KINDS[kind]
    return endpoint_of(ProviderSettings(service, base_url=server.url + path, timeout=60), {}, wire=wire)


def at_llama(llama: tuple[str, str], wire: str, **more: Any) -> Endpoint:
    return endpoint_of(ProviderSettings("llamacpp", base_url=llama[0], **more), {}, wire=wire)


@pytest.mark.parametrize("stream", [True, False])
@pytest.mark.parametrize("wire", LOCAL)
def test_llama_cpp_answers(llama: tuple[str, str], wire: str, stream: bool) -> None:
    request = Request("tiny", HI, options={"max_tokens": 8, "temperature": 0, "seed": 1}, stream=stream)
    events = ask(at_llama(llama, wire), request, llama[1])
    assert isinstance(events[0], Answering)
    (finish,) = [event for event in events if isinstance(event, Finish)]
    assert finish.reason == "length"
    usage = [event for event in events if isinstance(event, Usage)][-1]
    assert usage.output == 8
    assert usage.input


@pytest.mark.parametrize("wire", LOCAL)
def test_llama_cpp_keeps_to_a_schema(llama: tuple[str, str], wire: str) -> None:
    shape = {
        "type": "object",
        "properties": {"a": {"enum": ["x", "y"]}, "b": {"type": "boolean"}},
        "required": ["a", "b"],
        "additionalProperties": False,
    }
    request = Request("tiny", HI, options={"max_tokens": 400, "temperature": 0}, output=shape)
    found = json.loads(text_of(ask(at_llama(llama, wire), request, llama[1])))
    assert found["a"] in ("x", "y")
    assert isinstance(found["b"], bool)


@pytest.mark.parametrize("wire", LOCAL)
def test_llama_cpp_says_what_is_wrong(llama: tuple[str, str], wire: str) -> None:
    here = at_llama(llama, wire)
    assert failure(ask(here, Request("tiny", HI), "wrong")).kind == "authentication"
    long = (Message("user", (Part("text", "word " * 3000),)),)
    found = failure(ask(here, Request("tiny", long), llama[1]))
    assert (found.kind, found.status) == ("context-length", 400)
    wrong = failure(ask(at_llama(llama, wire, quirks={"path": "nowhere"}), Request("tiny", HI), llama[1]))
    assert wrong.kind == "not-found"


@pytest.mark.parametrize("stream", [True, False])
@pytest.mark.parametrize("kind", KINDS)
def test_an_answer(faulty: LLMock, kind: str, stream: bool) -> None:
    faulty.reply("Grüße \u2028 😀 und noch mehr")
    events = ask(at_mock(faulty, kind), Request("model-x", HI, stream=stream))
    assert text_of(events) == "Grüße \u2028 😀 und noch mehr"
    (finish,) = [event for event in events if isinstance(event, Finish)]
    assert finish.reason == "stop"
    # llmock wants to be asked for it; Mistral itself refuses to be, and tells it all the same.
    assert any(isinstance(event, Usage) and event.output for event in events) or (kind == "mistral" and stream)


@pytest.mark.parametrize("stream", [True, False])
@pytest.mark.parametrize("kind", KINDS)
def test_a_call_of_a_tool(faulty: LLMock, kind: str, stream: bool) -> None:
    faulty.call_tool("get_weather", {"city": "Rom"})
    tool = Tool("get_weather", "Weather", {"type": "object", "properties": {"city": {"type": "string"}}})
    events = ask(at_mock(faulty, kind), Request("model-x", HI, tools=(tool,), stream=stream))
    calls = [event for event in events if isinstance(event, ToolDelta)]
    assert "".join(call.name for call in calls) == "get_weather"
    assert json.loads("".join(call.arguments for call in calls)) == {"city": "Rom"}
    assert all(call.index == calls[0].index for call in calls)
    assert finish_of(events).reason == "tool_calls"


def finish_of(events: list[Event]) -> Finish:
    (found,) = [event for event in events if isinstance(event, Finish)]
    return found


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("fault", ["truncate", "disconnect", "corrupt"])
def test_an_answer_that_breaks_is_never_a_success(faulty: LLMock, kind: str, fault: str) -> None:
    faulty.reply("one two three four five six seven eight")
    getattr(faulty, fault)(after_chunks=2)
    events = ask(at_mock(faulty, kind), Request("model-x", HI))
    wanted = {"truncate": ("truncated",), "disconnect": ("connection", "truncated"), "corrupt": ("malformed",)}[fault]
    assert failure(events).kind in wanted
    assert not any(isinstance(event, Finish) for event in events)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("status", "meant"),
    [(401, "authentication"), (404, "not-found"), (429, "rate-limit"), (500, "server"), (503, "overloaded")],
)
def test_an_error_says_what_it_means(faulty: LLMock, kind: str, status: int, meant: str) -> None:
    faulty.fail(status, retry_after=7) if status == 429 else faulty.fail(status)
    found = failure(ask(at_mock(faulty, kind), Request("model-x", HI)))
    assert (found.kind, found.status) == (meant, status)
    assert found.message
    if status == 429:
        assert found.retry_after == 7


def test_vectors(faulty: LLMock) -> None:
    events = ask(at_mock(faulty, "chat"), Request("model-x", HI[1:], operation="embedding"))
    (vector,) = [event for event in events if isinstance(event, MediaDelta)]
    assert all(isinstance(number, float) for number in json.loads(vector.value))


@pytest.mark.parametrize("stream", [True, False])
@pytest.mark.parametrize(
    ("service", "more"),
    [("ollama", {}), ("azure", {}), ("azure", {"api_version": "2024-10-21"}), ("openai", {}), ("cohere", {})],
)
def test_aimock_answers_as_each_of_them(aimock: str, service: str, more: dict[str, Any], stream: bool) -> None:
    base = aimock + {"openai": "/v1", "cohere": "/v2"}.get(service, "")
    here = endpoint_of(ProviderSettings(service, base_url=base, timeout=60, **more), {})
    events = ask(here, Request("gpt-x", HI, stream=stream))
    assert text_of(events) == ANSWER
    assert finish_of(events).reason == "stop"
    asked = (Message("user", (Part("text", "Please call it"),)),)
    events = ask(here, Request("gpt-x", asked, tools=(Tool("now"),), stream=stream))
    calls = [event for event in events if isinstance(event, ToolDelta)]
    assert json.loads("".join(call.arguments for call in calls)) == {"zone": "UTC"}
    assert finish_of(events).reason == "tool_calls"


def test_aimock_answers_by_responses(aimock: str) -> None:
    here = endpoint_of(ProviderSettings("openai", base_url=f"{aimock}/v1", timeout=60), {}, wire="openai-responses")
    assert text_of(ask(here, Request("gpt-x", HI))) == ANSWER
