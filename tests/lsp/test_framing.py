"""The stream of bytes as it comes from real pipes: split, joined, broken."""

from __future__ import annotations

import random

import pytest

from promptls.lsp.framing import LIMIT, Frames, Unreadable, frame


def test_a_frame_is_found_however_the_stream_is_cut() -> None:
    bodies = [b"{}", '{"a":"é\\ud83d\\ude00"}'.encode(), b"", b"x" * 5000]
    stream = b"".join(frame(body) for body in bodies)
    chance = random.Random(7)
    for _ in range(200):
        frames, found, at = Frames(), [], 0
        while at < len(stream):
            size = chance.choice([1, 2, 3, 17, 100, 4096])
            found += frames.feed(stream[at : at + size])
            at += size
        assert found == bodies


@pytest.mark.parametrize(
    "header",
    [
        b"Content-Length: 2\r\n\r\n",
        b"content-length:2\r\n\r\n",
        b"CONTENT-LENGTH :  2\r\n\r\n",
        b"Content-Type: application/vscode-jsonrpc; charset=utf8\r\nContent-Length: 2\r\n\r\n",
        b"Content-Length: 2\r\nContent-Type: application/vscode-jsonrpc; charset=utf-8\r\n\r\n",
        b"Content-Length: 2\n\n",
    ],
)
def test_headers_are_read_as_http_reads_them(header: bytes) -> None:
    assert Frames().feed(header + b"{}" + frame(b"[]")) == [b"{}", b"[]"]


@pytest.mark.parametrize(
    "header",
    [b"Content-Type: x\r\n\r\n", b"Content-Length: -5\r\n\r\n", b"Content-Length: two\r\n\r\n", b"\r\n\r\n"],
)
def test_a_header_without_a_length_is_reported_and_the_next_message_found(header: bytes) -> None:
    found = Frames().feed(header + b'{"lost": 1}' + frame(b"{}") + frame(b"[]"))
    assert [isinstance(one, Unreadable) for one in found] == [True, False, False]
    assert found[1:] == [b"{}", b"[]"]


def test_a_length_that_nobody_can_mean_is_not_waited_for() -> None:
    found = Frames().feed(b"Content-Length: %d\r\n\r\n" % (LIMIT + 1) + b"{}" + frame(b"[]"))
    assert isinstance(found[0], Unreadable)
    assert found[1:] == [b"[]"]


def test_what_is_no_protocol_at_all_is_not_kept() -> None:
    frames = Frames()
    for _ in range(100):
        assert frames.feed(b"GET / HTTP/1.1 " * 1000) == []
    assert len(frames._buffer) < 1 << 17
    assert frames.feed(b"\r\n\r\n" + frame(b"{}"))[1:] == [b"{}"]
