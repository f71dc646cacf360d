"""Signatures and event streams, against what botocore 1.44.5 makes and reads (recorded in ``botocore.json``)."""

from __future__ import annotations

import base64
import json
import random
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from promptls.providers.eventstream import LARGEST, EventStream, Frame
from promptls.providers.request import HttpRequest
from promptls.providers.sigv4 import sign

RECORDED: dict[str, Any] = json.loads(Path(__file__).with_name("botocore.json").read_text(encoding="utf-8"))
STREAM = base64.b64decode(RECORDED["stream"])


def plain(value: Any) -> Any:
    return {"bytes": value.hex()} if isinstance(value, bytes) else value


def shown(frames: list[Frame]) -> list[dict[str, Any]]:
    return [
        {"headers": {name: plain(value) for name, value in frame.headers.items()}, "payload": frame.payload.hex()}
        for frame in frames
    ]


@pytest.mark.parametrize("case", RECORDED["signatures"], ids=lambda case: f"{case['url'][:60]} {case['token']}")
def test_signed_as_botocore_signs(case: dict[str, Any]) -> None:
    http = HttpRequest(case["method"], case["url"], tuple(case["headers"].items()), case["body"].encode())
    now = datetime.strptime(case["date"] + "+0000", "%Y%m%dT%H%M%SZ%z")
    added = sign(
        http, region=case["region"], access_key="AKIDEXAMPLE", secret_key="SECRET/canary", token=case["token"], now=now
    )
    assert dict(added)["Authorization"] == case["authorization"]
    assert dict(added).get("X-Amz-Security-Token", "") == case["token"]
    assert "canary" not in str(added)


@pytest.mark.parametrize("size", [1, 2, 3, 7, 11, 12, 13, 100, len(STREAM)])
def test_frames_as_botocore_reads_them(size: int) -> None:
    stream = EventStream()
    found = [frame for start in range(0, len(STREAM), size) for frame in stream.feed(STREAM[start : start + size])]
    assert shown(found) == RECORDED["frames"]
    assert not stream.broken
    assert not stream.pending


def test_a_frame_that_did_not_end_is_pending() -> None:
    stream = EventStream()
    stream.feed(STREAM[:-1])
    assert stream.pending


@pytest.mark.parametrize("seed", range(200))
def test_bytes_that_changed_break_the_stream_at_the_same_frame_however_it_is_cut(seed: int) -> None:
    chance = random.Random(seed)
    data = bytearray(STREAM)
    for _ in range(chance.randint(1, 3)):
        data[chance.randrange(len(data))] ^= chance.randint(1, 255)
    whole = EventStream()
    wanted = whole.feed(bytes(data))
    pieces, found = EventStream(), []
    start = 0
    while start < len(data):
        size = chance.randint(1, 40)
        found += pieces.feed(bytes(data[start : start + size]))
        start += size
    assert (found, pieces.broken) == (wanted, whole.broken)
    assert len(found) < len(RECORDED["frames"])


def test_a_frame_that_claims_to_be_huge_is_not_waited_for() -> None:
    import struct
    import zlib

    lengths = struct.pack(">II", LARGEST + 1, 0)
    stream = EventStream()
    assert stream.feed(lengths + struct.pack(">I", zlib.crc32(lengths))) == []
    assert stream.broken
