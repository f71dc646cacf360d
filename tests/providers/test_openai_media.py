"""Images, embeddings, speech and transcription by OpenAI's other operations."""

from __future__ import annotations

import json
from email import message_from_bytes
from typing import Any

import pytest

from promptls.prompt.message import Part
from promptls.providers import openai_chat, openai_responses
from promptls.providers.event import Answering, Failure, Finish, MediaDelta, TextDelta, Usage
from promptls.providers.request import UnsupportedError
from tests.providers.streams import ODD, ask, body_of, damaged, decoded, decoder_of, last, user


@pytest.mark.parametrize(
    ("operation", "path", "more", "body"),
    [
        (
            "image",
            "images/generations",
            {"extra": {"size": "1024x1024"}, "options": {"n": 2}},
            {"prompt": "A cat", "size": "1024x1024", "n": 2},
        ),
        ("embedding", "embeddings", {"extra": {"dimensions": 8}}, {"input": "A cat", "dimensions": 8}),
        ("speech", "audio/speech", {"extra": {"voice": "alloy", "stream": True}}, {"input": "A cat", "voice": "alloy"}),
    ],
)
def test_requests(operation: str, path: str, more: dict[str, Any], body: dict[str, Any]) -> None:
    for wire in ("openai-chat", "openai-responses"):
        request, endpoint = ask("openai", "A cat", wire=wire, operation=operation, **more)
        built = openai_chat.build(request, endpoint)
        assert built == openai_responses.build(request, endpoint)
        assert (built.url, built.stream) == (f"https://api.openai.com/v1/{path}", False)
        assert json.loads(built.body) == {"model": "m", **body}


def test_an_azure_deployment_stands_in_the_address() -> None:
    request, endpoint = ask("azure", operation="image", endpoint="https://r.openai.azure.com", api_version="2024-10-21")
    assert openai_chat.build(request, endpoint).url == (
        "https://r.openai.azure.com/openai/deployments/m/images/generations?api-version=2024-10-21"
    )


def test_several_texts_are_embedded_at_once() -> None:
    request, endpoint = ask("openai", operation="embedding", messages=(user("a"), user("b")))
    assert body_of(request, endpoint)["input"] == ["a", "b"]


def test_a_recording_is_sent_as_a_form() -> None:
    recording = Part("audio", "data:audio/wav;base64,UklG/w==")
    more: dict[str, Any] = {
        "operation": "transcription",
        "options": {"temperature": 0},
        "extra": {"language": "de", "include": ["a", "b"]},
    }
    request, endpoint = ask("openai", messages=(user(f"Names: {ODD}", recording),), **more)
    built = openai_chat.build(request, endpoint)
    assert built == openai_chat.build(request, endpoint)
    assert built.url == "https://api.openai.com/v1/audio/transcriptions"
    form = message_from_bytes(f"Content-Type: {dict(built.headers)['content-type']}\r\n\r\n".encode() + built.body)
    fields = [
        (part.get_param("name", header="content-disposition"), part.get_filename(), part.get_payload(decode=True))
        for part in form.walk()
        if not part.is_multipart()
    ]
    assert fields == [
        ("model", None, b"m"),
        ("prompt", None, f"Names: {ODD}".encode()),
        ("temperature", None, b"0"),
        ("language", None, b"de"),
        ("include[]", None, b"a"),
        ("include[]", None, b"b"),
        ("file", "audio.wav", b"RIF\xff"),
    ]


@pytest.mark.parametrize(
    ("operation", "parts", "said"),
    [
        ("transcription", ("no sound",), "one recording"),
        ("transcription", (Part("audio", "https://x/a.wav"),), "only as a data: URL"),
        ("transcription", (Part("audio", "data:audio/wav;base64,***"),), "no base64"),
    ],
)
def test_what_cannot_be_sent(operation: str, parts: tuple[Any, ...], said: str) -> None:
    request, endpoint = ask("openai", operation=operation, messages=(user(*parts),))
    with pytest.raises(UnsupportedError, match=said):
        openai_chat.build(request, endpoint)


def answer(operation: str, data: bytes, content_type: str = "application/json") -> list[Any]:
    return decoded(decoder_of("openai-chat", operation=operation, content_type=content_type), data)


def test_images_come_as_content_or_by_address() -> None:
    data = {
        "created": 1,
        "output_format": "webp",
        "data": [{"b64_json": "UklG"}, {"url": "https://x/p.webp"}],
        "usage": {"input_tokens": 5, "output_tokens": 9},
    }
    assert answer("image", json.dumps(data).encode()) == [
        MediaDelta("data:image/webp;base64,UklG", "image/webp"),
        MediaDelta("https://x/p.webp", "image/webp"),
        Usage(5, 9),
        Finish("stop"),
    ]


def test_vectors_come_in_the_order_of_the_texts() -> None:
    data = [{"index": 1, "embedding": [0.3]}, {"index": 0, "embedding": [0.1]}]
    whole = {"model": "e", "data": data, "usage": {"prompt_tokens": 2, "total_tokens": 2}}
    assert answer("embedding", json.dumps(whole, indent=1).encode()) == [
        Answering("e"),
        MediaDelta("[[0.1], [0.3]]", "application/json"),
        Usage(2),
        Finish("stop"),
    ]
    whole["data"] = data[:1]
    assert MediaDelta("[0.3]", "application/json") in answer("embedding", json.dumps(whole).encode())


def test_speech_is_bytes() -> None:
    assert answer("speech", b"ID3\xff\x00", "audio/mpeg; x=y") == [
        MediaDelta("data:audio/mpeg;base64,SUQz/wA=", "audio/mpeg"),
        Finish("stop"),
    ]
    assert isinstance(last(answer("speech", b"", "audio/mpeg")), Failure)
    assert isinstance(last(answer("speech", b'{"error": {"message": "no"}}', "application/json")), Failure)


def test_a_transcription_is_text() -> None:
    assert TextDelta(ODD) in answer("transcription", json.dumps({"text": ODD}).encode())
    assert answer("transcription", ODD.encode(), "text/plain; charset=utf-8") == [TextDelta(ODD), Finish("stop")]


@pytest.mark.parametrize("operation", ["image", "embedding", "transcription", "speech"])
def test_what_is_no_answer_is_a_failure(operation: str) -> None:
    whole = b'{"data": [{"b64_json": "QQ", "embedding": [1]}], "text": "x"}'
    for data in (
        b"",
        b"{",
        b"[]",
        b"5",
        b"<html>",
        b'{"data": 5}',
        b'{"data": [5]}',
        b'{"error": "x"}',
        *damaged(whole, 20),
    ):
        found = answer(operation, data)
        assert sum(isinstance(event, (Finish, Failure)) for event in found) == 1
    for data in (b'{"data": []}', b'{"error": "x"}', whole[:-4]):
        assert isinstance(last(answer(operation, data)), Failure)
