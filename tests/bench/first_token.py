"""How much later the first word of an answer comes than with a bare httpx call to the same server on loopback."""

from __future__ import annotations

import statistics
import tempfile
import time
from pathlib import Path

import httpx

from promptls.providers.request import Endpoint
from promptls.runs.database import Database
from promptls.runs.event import RunEvent
from promptls.runs.plan import Hop
from promptls.runs.service import Runs
from tests.runs.network import Watch
from tests.runs.plans import plan_of
from tests.runs.prompts import FakeKeys
from tests.runs.server import model_server

CALLS = 60


def main() -> None:
    bare: list[float] = []
    ours: list[float] = []
    with (
        model_server() as server,
        tempfile.TemporaryDirectory() as folder,
        httpx.Client(trust_env=False) as client,
        Runs(FakeKeys(), database=lambda: Database(Path(folder) / "history.sqlite3")) as runs,
    ):
        local = Hop(Endpoint("local", "openai-compatible", "openai-chat", server.url, auth="none"), "tiny")
        for _ in range(CALLS):  # in turns, so that both see the same machine
            bare.append(_bare(client, server.url))
            ours.append(_ours(runs, local))
    # The first calls import and connect.
    _print("bare httpx", bare[3:])
    _print("promptls", ours[3:])
    ratio = statistics.median(ours[3:]) / statistics.median(bare[3:])
    print(f"\nfirst token: {ratio:.1f} x a bare httpx call, on loopback")


def _bare(client: httpx.Client, url: str) -> float:
    began = time.perf_counter()
    body = {"model": "tiny", "messages": [{"role": "user", "content": "Hello"}], "stream": True}
    with client.stream("POST", f"{url}/chat/completions", json=body) as answer:
        for _ in answer.iter_bytes():
            return time.perf_counter() - began
    raise AssertionError("no answer")


def _ours(runs: Runs, hop: Hop) -> float:
    """From `start` on: plan, limits, history and the thread of the runs are in it."""
    watch = Watch()
    first: list[float] = []

    def sink(event: RunEvent) -> None:
        if event.kind == "delta" and not first:
            first.append(time.perf_counter())
        watch(event)

    began = time.perf_counter()
    runs.start(plan_of(hop), sink)
    watch.end()
    return first[0] - began


def _print(title: str, seconds: list[float]) -> None:
    late = sorted(seconds)[int(len(seconds) * 0.95) - 1]
    print(f"first token, {title}: {statistics.median(seconds) * 1000:.1f} / {late * 1000:.1f} ms (median / 95 %)")


if __name__ == "__main__":
    main()
