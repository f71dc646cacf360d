"""Events out of bytes, with httpx-sse as the second opinion."""

from __future__ import annotations

import random
from collections.abc import Callable

import httpx
import httpx_sse
import pytest

from promptls.providers import ndjson, sse
from promptls.providers.ndjson import Ndjson, SseOrWhole, Whole
from promptls.providers.sse import Frame, Sse, TooLongError
from promptls.providers.stream import Framing
from tests.providers.streams import ODD, pieces

STREAM = (
    f'data: {{"t":"{ODD}"}}\r\n\r\n: keepalive\r\n\r\nevent: x\r\ndata: {{"t":\r\ndata: 1}}\r\n\r\n'
    'data:{"t":"nospace"}\n\nid: 7\nretry: 5\ndata: a\r\rdata: [DONE]\n\n'
).encode()


def read(framing: Framing | Sse, parts: list[bytes]) -> list[Frame]:
    frames = [frame for part in parts for frame in framing.feed(part)]
    return frames + framing.end()


@pytest.mark.parametrize("size", [1, 2, 3, 7, 1000])
def test_the_events_are_those_of_httpx_sse(size: int) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, headers={"content-type": "text/event-stream"}, content=iter(pieces(STREAM, size)))

    with (
        httpx.Client(transport=httpx.MockTransport(answer)) as client,
        httpx_sse.connect_sse(client, "GET", "http://x/") as source,
    ):
        theirs = [event.data for event in source.iter_sse() if event.data]
    ours = read(Sse(), pieces(STREAM, size))
    assert [frame.data for frame in ours] == theirs
    assert ours[0].data == f'{{"t":"{ODD}"}}'
    assert ours[1] == Frame("x", '{"t":\n1}')


def test_the_last_event_needs_no_empty_line() -> None:
    assert read(Sse(), [b"data: a\n\ndata: b"]) == [Frame("message", "a"), Frame("message", "b")]
    assert read(Sse(), [b"\xef\xbb\xbfdata: a\r", b"\n\r", b"\n"]) == [Frame("message", "a")]


def test_json_in_the_middle_of_events_is_one_frame() -> None:
    data = b'data: {"a":1}\n\n{\n  "error": {\n    "code": 503\n  }\n}\n'
    for size in (1, 4, 99):
        assert read(SseOrWhole(), pieces(data, size)) == [
            Frame("message", '{"a":1}'),
            Frame("", '{\n  "error": {\n    "code": 503\n  }\n}'),
        ]


@pytest.mark.parametrize(
    ("data", "frames"),
    [
        (b'\n  {"a":\n1}\n', [Frame("", '{"a":\n1}')]),
        (b'\xef\xbb\xbf{"a":1}', [Frame("", '{"a":1}')]),
        (b"[1]", [Frame("", "[1]")]),
        (b"<html>", [Frame("", "<html>")]),
        (b"\xef\xbb\xbf\n\ndata: 1\n\n", [Frame("message", "1")]),
        (b" \r\n", []),
        (b"", []),
        (b"\xef", []),
        (b"\xff\xfe", []),
    ],
)
def test_the_first_character_tells_a_stream_from_a_document(data: bytes, frames: list[Frame]) -> None:
    for size in (1, 2, 3, 99):
        assert read(SseOrWhole(), pieces(data, size)) == frames


def test_a_line_of_ndjson_ends_at_a_line_feed_only() -> None:
    data = f'{{"t":"{ODD}"}}\r\n\n{{"b":2}}'.encode()
    for size in (1, 2, 99):
        assert read(Ndjson(), pieces(data, size)) == [Frame("", f'{{"t":"{ODD}"}}'), Frame("", '{"b":2}')]


def test_what_no_memory_should_hold_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sse, "LIMIT", 100)
    monkeypatch.setattr(ndjson, "LIMIT", 100)
    for framing in (Sse(), Ndjson(), Whole(), SseOrWhole()):
        fed = [framing.feed(b"data: 12345") for _ in range(9)]
        assert not any(fed)
        with pytest.raises(TooLongError):
            framing.feed(b"data: 12345")


def test_many_small_events_are_no_long_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sse, "LIMIT", 100)
    framing = Sse()
    assert len([frame for _ in range(50) for frame in framing.feed(b"data: 12345\n\n")]) == 50


def test_no_bytes_at_all_raise_anything() -> None:
    rolled = random.Random(4)
    for _ in range(200):
        data = bytes(rolled.choices(b'data: {}[]"\r\n\x00\xff\xe2\x80\xa8 event:', k=60))
        made: tuple[Callable[[], Framing | Sse], ...] = (Sse, Ndjson, Whole, SseOrWhole)
        for framing in made:
            assert read(framing(), pieces(data, 1)) == read(framing(), [data])
