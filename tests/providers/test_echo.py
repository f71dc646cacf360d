"""echo: what would be sent, and that nothing is."""

from __future__ import annotations

import json

import pytest

from promptls.prompt.message import Message, Part
from promptls.providers import echo, openai_chat
from promptls.providers.event import Answering, Finish
from promptls.providers.request import UnsupportedError
from promptls.providers.wire import wire_of
from tests.providers.streams import ODD, ask, user

MESSAGES = (
    Message("system", (Part("text", "Be kind."),)),
    user(f"Hi {ODD}\n```\ncode\n```", Part("image", "https://x/p.png")),
)


def answer(messages: tuple[Message, ...] = MESSAGES, service: str = "openai") -> str:
    request, endpoint = ask(service, messages=messages)
    return "".join(echo.echo_answer(messages, openai_chat.build(request, endpoint), endpoint))


def test_the_banner_the_messages_and_the_request() -> None:
    text = answer()
    assert text.startswith("**No model was called.**")
    assert "## system\n\n```text\nBe kind.\n```\n" in text
    assert f"## user\n\n````text\nHi {ODD}\n```\ncode\n```\n(image: https://x/p.png)\n````\n" in text
    assert "## The request to openai\n" in text
    assert "POST https://api.openai.com/v1/chat/completions\n" in text
    assert "\nAuthorization: Bearer $OPENAI_API_KEY\n" in text
    assert '"include_usage": true' in text


def test_the_pieces_are_small_and_always_the_same() -> None:
    request, endpoint = ask("openai", messages=MESSAGES)
    http = openai_chat.build(request, endpoint)
    first, second = (list(echo.echo_answer(MESSAGES, http, endpoint)) for _ in range(2))
    assert first == second
    assert len(first) > 40
    assert all(len(piece) < 100 for piece in first)
    assert "".join(first).endswith("```\n")


def test_without_a_provider_there_are_the_messages_alone() -> None:
    text = "".join(echo.echo_answer(MESSAGES, None, None))
    assert "Be kind." in text
    assert "The request" not in text
    assert "".join(echo.echo_answer((), None, None)) == f"{echo.BANNER}\n"


def test_keys_of_a_persons_own_headers_are_not_shown() -> None:
    headers = {"X-Api-Key": "CANARY", "Authorization": "Bearer CANARY", "X-Team": "${env:TEAM:x}", "X-Plain": "seen"}
    request, endpoint = ask("openai", headers=headers)
    view = echo.wire_view(openai_chat.build(request, endpoint), endpoint)
    assert "CANARY" not in view
    assert "X-Api-Key: ***\nAuthorization: ***\nX-Team: $TEAM\nX-Plain: seen\n" in view
    assert "OPENAI_API_KEY" not in view


@pytest.mark.parametrize(
    ("service", "line"),
    [
        ("anthropic", "x-api-key: $ANTHROPIC_API_KEY"),
        ("googleai", "x-goog-api-key: $GOOGLE_API_KEY"),
        ("mistral", "Authorization: Bearer $MISTRAL_API_KEY"),
    ],
)
def test_each_service_has_its_own_way_to_put_a_key_on(service: str, line: str) -> None:
    request, endpoint = ask(service)
    assert line in echo.wire_view(openai_chat.build(request, endpoint), endpoint).splitlines()


def test_a_signature_is_described() -> None:
    request, endpoint = ask("bedrock", region="us-east-1")
    view = echo.wire_view(openai_chat.build(request, endpoint), endpoint)
    assert "signed with $AWS_ACCESS_KEY_ID and $AWS_SECRET_ACCESS_KEY" in view


def test_long_content_is_cut_and_long_text_is_not() -> None:
    image = Part("image", "data:image/png;base64," + "A" * 5000)
    text = answer((user("word " * 500, image),))
    assert len(text) < 9000
    assert "(5,022 characters)" in text
    assert text.count("word") == 1000


def test_as_a_wire_format_it_sends_nothing() -> None:
    wire = wire_of("echo")
    request, endpoint = ask("echo")
    assert wire.build(request, endpoint).url == ""
    assert wire.unmapped(request, endpoint) == ()
    decoder = wire.decoder(request, "")
    assert decoder.feed(b"x") == []
    assert decoder.end() == [Answering("echo"), Finish("stop", "echo")]
    assert wire.read_models(json.loads("{}")) == ()
    with pytest.raises(UnsupportedError):
        wire.list_models(endpoint)
