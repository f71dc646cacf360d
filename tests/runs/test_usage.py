"""What runs used, added up."""

from __future__ import annotations

import time
from contextlib import closing
from pathlib import Path

from promptls.runs.database import Database
from promptls.runs.event import RunRecord
from promptls.runs.history import History
from promptls.runs.usage import total, usage

NOW = time.time()


def test_rows_add_up_and_times_are_those_of_whole_answers(tmp_path: Path) -> None:
    with Database(tmp_path / "history.sqlite3") as database, closing(History(database)) as history:

        def add(number: int, **more: object) -> None:
            about = {"status": "finished", "started": NOW, "provider": "openai", "target": "openai/x", **more}
            history.begin(RunRecord(f"r{number}", **about))  # type: ignore[arg-type]

        for number in range(1, 21):
            add(number, input_tokens=10, output_tokens=5, cost=0.5, latency=float(number), first_token=number / 10)
        add(30, status="failed", latency=99.0, failure="dns")
        add(31, status="cancelled", input_tokens=10, output_tokens=1)
        add(32, target="openai/y", input_tokens=1, output_tokens=1, cost=100.0, started=NOW - 3 * 86400)
        add(33, provider="echo", target="echo", input_tokens=10, output_tokens=1, cost=0.0)
        add(34, status="running")
        by_model = usage(database, "model")
        assert [row.name for row in by_model] == ["openai/y", "openai/x"]
        row = by_model[1]
        assert (row.runs, row.failed, row.stopped, row.unpriced) == (22, 1, 1, 1)
        assert (row.input_tokens, row.output_tokens, row.cost) == (210, 101, 10.0)
        assert (row.latency, row.latency_95, row.first_token, row.first_token_95) == (10.0, 19.0, 1.0, 1.9)
        assert [row.runs for row in usage(database, "day")] == [22, 1]
        assert [row.name for row in usage(database, "provider", since=NOW - 86400)] == ["openai"]
        assert total(by_model).cost == 110.0
