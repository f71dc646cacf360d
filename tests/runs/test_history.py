"""The history: nothing that ended is lost, what was cut off says so, two processes write side by side."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from promptls.runs import limits
from promptls.runs.database import Database
from promptls.runs.event import RunRecord
from promptls.runs.history import History, start_of_day
from promptls.workspace.running import Limits

NOW = time.time()
RECORD = RunRecord(
    "20260101-000000-aaaaaa", "running", NOW, uri="file:///a.prompty", target="openai/x", provider="openai"
)


@pytest.fixture
def history(tmp_path: Path) -> Iterator[History]:
    with Database(tmp_path / "history.sqlite3") as database:
        history = History(database)
        yield history
        history.close()


def other_process(folder: Path, code: str) -> subprocess.Popen[str]:
    """Another process with the same history: `history` and `record` are there."""
    lead = (
        "import sys, time, os\n"
        "from promptls.runs.database import Database\n"
        "from promptls.runs.event import RunRecord\n"
        "from promptls.runs.history import History\n"
        f"history = History(Database({str(folder / 'history.sqlite3')!r}))\n"
        "record = RunRecord('20260101-000000-bbbbbb', 'running', time.time(), answer='so far')\n"
    )
    return subprocess.Popen(
        [sys.executable, "-c", lead + code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )


def test_a_run_is_kept_as_it_began_and_as_it_ended(history: History) -> None:
    history.begin(RECORD)
    assert history.run(RECORD.id) == RECORD
    ended = replace(
        RECORD, status="finished", answer="Hi", tool_calls=({"id": "1", "name": "f", "arguments": "{}"},),
        media=(("image/png", "data:x"),), values={"a": 1}, cost=0.5, messages=({"role": "user", "content": []},),
    )  # fmt: skip
    history.end(ended)
    assert history.run(RECORD.id) == ended
    assert history.run("20260101") == ended
    assert history.run("nothing") is None
    assert history.run("") is None


def test_the_newest_is_first_and_filters_hold(history: History) -> None:
    for number in range(5):
        history.begin(replace(RECORD, id=f"r{number}", started=NOW + number, uri=f"file:///{number % 2}"))
    assert [run.id for run in history.runs(3)] == ["r4", "r3", "r2"]
    assert [run.id for run in history.runs(uri="file:///1")] == ["r3", "r1"]
    assert len(history.runs(target="openai")) == len(history.runs(target="openai/x")) == 5
    assert history.runs(target="other") == ()


def test_what_was_spent_today_counts(history: History) -> None:
    history.begin(replace(RECORD, id="a", cost=0.25))
    history.begin(replace(RECORD, id="b", cost=None))
    history.begin(replace(RECORD, id="c", cost=4.0, started=start_of_day(NOW) - 1))
    assert history.spent(start_of_day(NOW)) == 0.25


def test_old_runs_are_forgotten(history: History) -> None:
    history.begin(replace(RECORD, id="old", status="finished", started=NOW - 10 * 86400))
    history.begin(replace(RECORD, id="new", status="finished"))
    assert history.forget(7) == 1
    assert [run.id for run in history.runs()] == ["new"]


def test_a_killed_process_leaves_interrupted_runs(tmp_path: Path) -> None:
    process = other_process(tmp_path, "history.begin(record); print('begun', flush=True); sys.stdin.read()")
    assert process.stdout is not None
    assert process.stdin is not None
    try:
        assert process.stdout.readline() == "begun\n"
        with Database(tmp_path / "history.sqlite3") as database:
            assert History(database).runs()[0].status == "running", "its process is there"
            process.kill()
            process.wait(20)
            (found,) = History(database).runs()
        assert (found.status, found.answer) == ("interrupted", "so far")
        assert not list((tmp_path / "owners").iterdir())
    finally:
        process.kill()
        process.communicate()


@pytest.mark.parametrize("told", [1, 17, 60])
def test_killed_at_any_moment_no_finished_run_is_lost(tmp_path: Path, told: int) -> None:
    code = (
        "from dataclasses import replace\n"
        "for number in range(100000):\n"
        "    mine = replace(record, id=f'r{number:06}')\n"
        "    history.begin(mine); history.end(replace(mine, status='finished')); print(mine.id, flush=True)\n"
    )
    process = other_process(tmp_path, code)
    assert process.stdout is not None
    try:
        finished = [process.stdout.readline().strip() for _ in range(told)]
    finally:
        process.kill()
        out, _ = process.communicate()
    finished += [line for line in out.splitlines() if len(line) == 7]
    with Database(tmp_path / "history.sqlite3") as database:
        kept = {run.id: run.status for run in History(database).runs(100_000)}
    assert {kept[run] for run in finished} == {"finished"}
    assert set(kept.values()) <= {"finished", "interrupted"}
    assert list(kept.values()).count("interrupted") <= 1


def test_a_run_taken_for_interrupted_ends_all_the_same(history: History) -> None:
    history.begin(RECORD)
    history.database.execute("UPDATE run SET status = 'interrupted'")
    history.end(replace(RECORD, status="finished"))
    assert history.runs()[0].status == "finished"


def test_closing_leaves_nothing_running(tmp_path: Path) -> None:
    with Database(tmp_path / "history.sqlite3") as database:
        history = History(database)
        history.begin(RECORD)
        history.close()
        assert history.runs()[0].status == "interrupted"
    assert not list((tmp_path / "owners").iterdir())


def test_two_processes_write_side_by_side(tmp_path: Path) -> None:
    code = (
        "from dataclasses import replace\n"
        "for number in range(40):\n"
        "    mine = replace(record, id=f'{os.getpid()}-{number}')\n"
        "    history.begin(mine); history.end(replace(mine, status='finished'))\n"
        "history.close(); history.database.close()\n"
    )
    processes = [other_process(tmp_path, code) for _ in range(2)]
    for process in processes:
        process.communicate(timeout=60)
    assert [process.returncode for process in processes] == [0, 0]
    with Database(tmp_path / "history.sqlite3") as database:
        assert [run.status for run in History(database).runs(200)] == ["finished"] * 80


def test_limits_count_for_the_whole_machine(tmp_path: Path) -> None:
    with Database(tmp_path / "history.sqlite3") as one, Database(tmp_path / "history.sqlite3") as two:
        first, second = History(one), History(two)
        per_minute = {"openai": Limits(requests_per_minute=2)}
        assert limits.hold(first, per_minute, 10).calls
        assert limits.hold(second, per_minute, 10).calls
        held = limits.hold(second, per_minute, 10)
        assert not held.calls
        assert 0 < held.wait <= limits.MINUTE
        assert "2 requests a minute" in held.why
        assert limits.hold(first, {"other": Limits(requests_per_minute=2)}, 10).calls
        first.close()
        second.close()


def test_tokens_are_counted_as_they_were_in_the_end(history: History) -> None:
    per_minute = {"openai": Limits(tokens_per_minute=100)}
    held = limits.hold(history, per_minute, 60)
    assert "100 tokens a minute" in limits.hold(history, per_minute, 60).why
    limits.let_go(history, held.calls, 20)
    assert limits.hold(history, per_minute, 60).calls
    # A request that alone is too large is not kept waiting for ever.
    assert limits.hold(history, {"big": Limits(tokens_per_minute=10)}, 60).calls


def test_a_call_that_ended_gives_its_place_to_the_next(history: History) -> None:
    at_once = {"openai": Limits(concurrency=1)}
    held = limits.hold(history, at_once, 1)
    assert limits.hold(history, at_once, 1).wait
    limits.let_go(history, held.calls, None)
    assert limits.hold(history, at_once, 1).calls


def test_how_fast_a_target_lately_was(history: History) -> None:
    assert history.first_token("openai/x") is None
    for number, seconds in enumerate((0.1, 0.9, 0.2)):
        history.begin(replace(RECORD, id=f"r{number}", status="finished", first_token=seconds))
    assert history.first_token("openai/x") == 0.2


def test_a_project_has_its_own_runs_forgotten_and_the_budget_of_the_day_does_not_start_anew(history: History) -> None:
    for name, uri in (("mine", "file:///work/a.prompty"), ("near", "file:///work2/a.prompty")):
        history.begin(replace(RECORD, id=name, uri=uri, status="finished", cost=2.0, started=NOW))
    history.begin(replace(RECORD, id="long ago", uri="file:///work/b", status="finished", cost=5.0, started=NOW - 9e6))
    assert history.forget(0, "file:///work") == 2
    assert [run.id for run in history.runs()] == ["near"]
    assert history.spent(NOW - 3600) == 4.0
    assert history.forget(0) == 1
    assert history.runs() == ()
    assert history.spent(NOW - 3600) == 4.0
