"""A model server that means harm: its answer ends somewhere, is kept, and says no key and no cookie again."""

from __future__ import annotations

import gzip
import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from promptls.providers.request import Endpoint
from promptls.providers.secret import Secret
from promptls.runs import collect, execute
from promptls.runs.database import Database
from promptls.runs.event import RunEvent, RunRecord
from promptls.runs.history import History, as_data
from promptls.runs.plan import Hop
from promptls.runs.service import Runs
from tests.runs.network import PATIENCE
from tests.runs.plans import plan_of

KEY = "sk-canary-0123456789abcdef"
SPELLED = "".join(f"\\u{ord(character):04x}" for character in KEY)
STREAM = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n"
SOURCE = "environment OPENAI_API_KEY"


class _Keys:
    def source(self, *_: Any) -> str:
        return SOURCE

    def secret(self, *_: Any) -> Secret:
        secret = Secret(KEY, "OPENAI_API_KEY")
        secret.source = SOURCE
        return secret

    def hint(self, *_: Any) -> str:
        return ""

    def forget(self, *_: Any) -> None: ...


def event(data: Any) -> bytes:
    return b"data: " + (data if isinstance(data, bytes) else json.dumps(data).encode()) + b"\n\n"


def piece(**delta: Any) -> bytes:
    return event({"id": "c", "model": "m", "choices": [{"index": 0, "delta": delta}]})


def counted(tokens: bytes) -> bytes:
    return event(b'{"choices": [], "usage": {"prompt_tokens": %b, "completion_tokens": %b}}' % (tokens, tokens))


END = event({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}) + event(b"[DONE]")


def again(data: bytes) -> Iterator[bytes]:
    while True:
        yield data * (1 + 30_000 // len(data))


def calls() -> Iterator[bytes]:
    number = 0
    while True:
        number += 1
        yield piece(tool_calls=[{"index": number, "id": str(number), "function": {"name": "f", "arguments": ""}}])


@contextmanager
def server(*bodies: Callable[[], Iterator[bytes]]) -> Iterator[tuple[str, list[bytes]]]:
    """One answer after the other, each on a connection of its own; what was asked."""
    listening = socket.create_server(("127.0.0.1", 0))
    asked: list[bytes] = []

    def work() -> None:
        for body in bodies:
            connection, _ = listening.accept()
            with connection, suppress(OSError):
                request = b""
                while b"\r\n\r\n" not in request:
                    request += connection.recv(65536)
                asked.append(request)
                for data in body():
                    connection.sendall(data)
                connection.shutdown(socket.SHUT_WR)
                while connection.recv(65536):
                    pass

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/v1", asked
    finally:
        thread.join(20)
        listening.close()


def run(runs: Runs, url: str, **more: Any) -> tuple[RunRecord, list[RunEvent]]:
    endpoint = Endpoint("local", "openai-compatible", "openai-chat", url, key_name="OPENAI_API_KEY", auth="bearer")
    told: list[RunEvent] = []
    ended = threading.Event()

    def sink(one: RunEvent) -> None:
        told.append(one)
        if one.kind in ("finished", "failed", "cancelled"):
            ended.set()

    runs.start(plan_of(Hop(endpoint, "m", SOURCE), **more), sink)
    assert ended.wait(PATIENCE), "it never ends"
    assert told[-1].record is not None
    return told[-1].record, told


@pytest.fixture
def runs(tmp_path: Path) -> Iterator[Runs]:
    with Runs(_Keys(), database=lambda: Database(tmp_path / "h"), environment={}) as made:
        yield made


def kept(tmp_path: Path, record: RunRecord) -> RunRecord:
    with Database(tmp_path / "h") as database:
        found = History(database).run(record.id)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("endless", "said"),
    [
        (lambda: again(piece(content="word")), "more than 40,000 characters"),
        (lambda: again(piece(content="")), "came without a word"),
        (lambda: again(b" "), "came without a word"),
        (lambda: again(event({"choices": [], "usage": {"prompt_tokens": 1}})), "says nothing with it"),
        (calls, "more than 40,000 characters"),
    ],
)
def test_an_answer_without_end_ends_with_a_sentence(
    endless: Callable[[], Iterator[bytes]], said: str, runs: Runs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(collect, "_LONGEST", 40_000)
    monkeypatch.setattr(collect, "_IDLE", 500)
    monkeypatch.setattr(execute, "_SILENT", 500_000)

    def body() -> Iterator[bytes]:
        yield STREAM
        yield from endless()

    with server(body) as (url, _):
        record, _ = run(runs, url)
    assert (record.status, record.failure) == ("failed", "malformed")
    assert said in record.message


def test_images_without_end_do_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    from promptls.providers.event import MediaDelta

    monkeypatch.setattr(collect, "_LARGEST", 10_000)
    collected = collect.Collected()
    for _ in range(100):
        collected.take("r", MediaDelta("data:,x", "image/png"))
    assert collected.failure is not None
    assert "images" in collected.failure.message


@pytest.mark.parametrize("tokens", [b"-1000000000", b"1" + b"0" * 30, b"NaN", b"1e999", b'"many"', b"[1]", b"true"])
def test_a_count_that_is_none_costs_nothing_earns_nothing_and_loses_nothing(
    tokens: bytes, runs: Runs, tmp_path: Path
) -> None:
    with server(lambda: iter([STREAM, piece(content="words"), counted(tokens), END])) as (url, _):
        record, _ = run(runs, url)
    assert (record.status, record.answer, record.tokens_estimated) == ("finished", "words", True)
    assert (record.input_tokens or 0) >= 0
    assert kept(tmp_path, record).status == "finished"


def test_half_a_character_does_not_keep_a_run_out_of_the_history(runs: Runs, tmp_path: Path) -> None:
    half = b'{"model": "\\ud800", "choices": [{"index": 0, "delta": {"content": "a\\ud800b"}}]}'
    with server(lambda: iter([STREAM, event(half), END])) as (url, _):
        record, _ = run(runs, url)
    assert kept(tmp_path, record).answer == "a?b"


def test_a_key_that_comes_back_spelled_another_way_or_in_pieces_is_taken_out(runs: Runs, tmp_path: Path) -> None:
    spelled = (
        '{"id": "KEY", "model": "KEY", "choices": [{"index": 0, "delta": {"content": "KEY", "reasoning": "KEY", '
        '"tool_calls": [{"index": 0, "id": "KEY", "function": {"name": "KEY", "arguments": "KEY"}}]}}]}'
    ).replace("KEY", SPELLED)
    halves = [
        piece(tool_calls=[{"index": 1, "id": "a", "function": {"name": "f", "arguments": half}}])
        for half in (KEY[:9], KEY[9:])
    ]
    with server(lambda: iter([STREAM, event(spelled.encode()), *halves, END])) as (url, _):
        record, told = run(runs, url)
    assert record.status == "finished"
    assert KEY not in json.dumps(as_data(record))
    assert KEY not in repr(told)
    assert KEY not in json.dumps(as_data(kept(tmp_path, record)))


def test_a_key_in_the_address_or_the_kind_of_a_picture_is_taken_out(runs: Runs, tmp_path: Path) -> None:
    head = STREAM.replace(b"text/event-stream", b"application/json")
    said = '{"output_format": "KEY", "data": [{"url": "https://example.org/a.png?key=KEY"}]}'.replace("KEY", SPELLED)
    with server(lambda: iter([head, said.encode()])) as (url, _):
        record, told = run(runs, url, operation="image")
    assert (record.status, len(record.media)) == ("finished", 1)
    assert KEY not in json.dumps(as_data(record))
    assert KEY not in repr(told)
    assert KEY not in json.dumps(as_data(kept(tmp_path, record)))


def test_a_cookie_is_not_given_back(runs: Runs) -> None:
    marked = STREAM.replace(b"Connection", b"Set-Cookie: who=you; Path=/; Max-Age=99999\r\nConnection")
    body = [marked, piece(content="a"), END]
    with server(lambda: iter(body), lambda: iter(body)) as (url, asked):
        run(runs, url)
        run(runs, url)
    assert len(asked) == 2
    assert not any(b"cookie" in request.lower() for request in asked)


def test_an_answer_that_is_packed_again_and_again_is_not_unpacked(runs: Runs) -> None:
    once = STREAM.replace(b"Connection", b"Content-Encoding: gzip\r\nConnection")
    twice = STREAM.replace(b"Connection", b"Content-Encoding: gzip, gzip\r\nConnection")
    body = piece(content="words") + END
    with server(
        lambda: iter([once, gzip.compress(body)]), lambda: iter([twice, gzip.compress(gzip.compress(body))])
    ) as (
        url,
        _,
    ):
        fine, _ = run(runs, url)
        refused, _ = run(runs, url)
    assert (fine.status, fine.answer) == ("finished", "words")
    assert (refused.status, refused.answer) == ("failed", "")
    assert "packed" in refused.message
