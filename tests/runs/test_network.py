"""Runs over real sockets on loopback: what a provider does wrong, and what a person is told of it."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from promptls.providers.request import Endpoint
from promptls.runs.database import Database
from promptls.runs.event import RunRecord
from promptls.runs.plan import Hop
from promptls.runs.service import Runs
from tests.runs.network import PATIENCE, Watch
from tests.runs.plans import plan_of
from tests.runs.prompts import CANARY, FakeKeys
from tests.runs.server import ModelServer, model_server


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("promptls.runs.retry._FIRST", 0.001)


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with model_server() as server:
        yield server


@pytest.fixture
def runs(tmp_path: Path) -> Iterator[Runs]:
    with Runs(FakeKeys("LOCAL_KEY"), database=lambda: Database(tmp_path / "history.sqlite3")) as runs:
        yield runs


def endpoint(url: str) -> Endpoint:
    return Endpoint("local", "openai-compatible", "openai-chat", url, key_name="LOCAL_KEY", timeout=PATIENCE)


def run(runs: Runs, url: str) -> tuple[RunRecord, Watch]:
    watch = Watch()
    runs.start(plan_of(Hop(endpoint(url), "tiny", "environment LOCAL_KEY")), watch)
    return watch.end(), watch


def test_an_answer(runs: Runs, server: ModelServer) -> None:
    record, watch = run(runs, server.url)
    assert (record.status, watch.text) == ("finished", "Hello")
    assert server.requests[0][0]["authorization"] == f"Bearer {CANARY}"
    assert CANARY not in repr(watch.events)


@pytest.mark.parametrize(
    ("status", "kind", "calls"),
    [
        (401, "authentication", 1),
        (404, "not-found", 1),
        (429, "rate-limit", 3),
        (503, "overloaded", 3),
        (500, "server", 3),
    ],
)
def test_each_error_is_told_with_what_to_do(
    runs: Runs, server: ModelServer, status: int, kind: str, calls: int
) -> None:
    server.status, server.error = status, f"no, not with {CANARY}"
    record, watch = run(runs, server.url)
    assert (record.status, record.failure, len(server.requests)) == ("failed", kind, calls)
    assert record.message.endswith((".", "!", "?"))
    assert CANARY not in repr(watch.events)


def test_nobody_is_there(runs: Runs, server: ModelServer) -> None:
    with model_server() as gone:
        url = gone.url
    record, _ = run(runs, url)
    assert (record.status, record.failure) == ("failed", "refused")
    assert url.removeprefix("http://").removesuffix("/v1") in record.message


def test_a_name_that_nobody_has(runs: Runs, monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: Any, **__: Any) -> Any:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
        monkeypatch.delenv(name)
    monkeypatch.setattr("socket.getaddrinfo", unknown)
    record, _ = run(runs, "http://nobody.invalid:1/v1")
    assert (record.status, record.failure) == ("failed", "dns")


def test_a_stream_without_its_end_mark(runs: Runs, server: ModelServer) -> None:
    server.ends = False
    record, _ = run(runs, server.url)
    assert (record.status, record.failure, record.answer, record.partial) == ("failed", "truncated", "Hello", True)


def test_cancelling_closes_the_socket(runs: Runs, server: ModelServer) -> None:
    server.hold = threading.Event()
    server.pieces = ["word "] * 100_000
    watch = Watch()
    run_id = runs.start(plan_of(Hop(endpoint(server.url), "tiny", "environment LOCAL_KEY")), watch)
    watch.wait("delta")
    runs.cancel(run_id)
    record = watch.end()
    assert (record.status, record.answer, record.partial) == ("cancelled", "word ", True)
    assert record.message.startswith("Stopped: the connection is closed.")
    assert "may still bill" not in record.message, "on loopback nobody bills"
    # The server writes on, and finds that nobody listens.
    server.hold.set()
    assert server.gone.wait(PATIENCE)


def test_a_key_that_the_server_says_back_is_not_kept(runs: Runs, server: ModelServer, tmp_path: Path) -> None:
    server.pieces = ["you sent ", CANARY]
    record, _ = run(runs, server.url)
    assert CANARY not in record.answer
    with Database(tmp_path / "history.sqlite3") as database:
        assert CANARY not in repr([tuple(row) for row in database.execute("SELECT * FROM run")])


def test_twenty_at_once(runs: Runs, server: ModelServer) -> None:
    watches = [Watch() for _ in range(20)]
    for number, watch in enumerate(watches):
        hop = Hop(replace(endpoint(server.url), provider=f"p{number}"), "tiny", "environment LOCAL_KEY")
        runs.start(plan_of(hop), watch)
    assert [watch.end().answer for watch in watches] == ["Hello"] * 20
