"""Runs from start to end: what the sink is told, what the record says, and what happens when something goes wrong."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from promptls.providers.event import Failure
from promptls.providers.request import Endpoint
from promptls.runs.database import Database
from promptls.runs.event import RunEvent, RunRecord
from promptls.runs.history import History
from promptls.runs.plan import Question, Target
from promptls.runs.service import Runs, UnansweredError
from promptls.workspace.running import Limits
from tests.runs.network import HANG, PATIENCE, FakeNetwork, Reply, Watch, chat, refused, run, running
from tests.runs.plans import LOCAL, OPENAI, hop, plan_of
from tests.runs.prompts import CANARY, FakeKeys

BUSY = refused(503, "busy", **{"retry-after": "0"})


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("promptls.runs.retry._FIRST", 0.001)


def test_an_answer_comes_in_pieces_and_ends(tmp_path: Path) -> None:
    record, watch = run(plan_of(), FakeNetwork(chat("Hel", "lo")), tmp_path)
    assert watch.kinds[0] == "started"
    assert watch.kinds[-1] == "finished"
    assert watch.text == record.answer == "Hello"
    assert (record.status, record.finish, record.model, record.target) == ("finished", "stop", "tiny-1", "local/tiny")
    assert (record.input_tokens, record.output_tokens, record.tokens_estimated) == (7, 3, False)
    assert record.cost == 0.0
    assert record.first_token is not None
    assert record.latency is not None
    assert not record.partial


def test_the_key_goes_to_the_network_and_nowhere_else(tmp_path: Path) -> None:
    network = FakeNetwork(chat("ok"))
    record, watch = run(plan_of(hop(endpoint=OPENAI)), network, tmp_path, "OPENAI_API_KEY")
    assert network.requests[0][2].reveal() == CANARY
    assert CANARY not in repr(watch.events) + repr(record)
    assert CANARY not in (tmp_path / "history.sqlite3").read_bytes().decode("latin-1")


def test_a_run_without_its_key_is_not_sent(tmp_path: Path) -> None:
    network = FakeNetwork(chat("ok"))
    record, _ = run(plan_of(hop(endpoint=OPENAI)), network, tmp_path)
    assert (record.status, record.failure) == ("failed", "no-key")
    assert not network.requests


def test_it_is_asked_again_before_the_first_output_only(tmp_path: Path) -> None:
    network = FakeNetwork(BUSY, BUSY, chat("ok"))
    record, watch = run(plan_of(), network, tmp_path)
    assert (record.answer, record.retries, len(network.requests)) == ("ok", 2, 3)
    assert watch.kinds.count("waiting") == 2

    broken = Failure("connection", "the connection broke", retryable=True)
    cut = Reply([*chat("half", done=False).pieces, broken])
    network = FakeNetwork(cut, chat("whole"))
    record, _ = run(plan_of(), network, tmp_path)
    assert (record.status, record.failure, record.answer, record.partial) == ("failed", "truncated", "half", True)
    assert len(network.requests) == 1


def test_a_stream_without_its_end_mark_is_an_error_with_the_text_kept(tmp_path: Path) -> None:
    record, watch = run(plan_of(), FakeNetwork(chat("half", done=False)), tmp_path)
    assert (record.status, record.failure, record.answer, record.partial) == ("failed", "truncated", "half", True)
    assert watch.events[-1].text == record.message != ""
    assert record.tokens_estimated


@pytest.mark.parametrize(("read", "is_cut"), [(2050, True), (4800, False), (0, False)])
def test_a_prompt_that_was_cut_without_a_word_is_told_by_its_tokens(tmp_path: Path, read: int, is_cut: bool) -> None:
    """Ollama answers with status 200 and counts what it kept, half of its context."""
    cutting = replace(LOCAL, provider="ollama", quirks={"cuts_prompt": True})
    text = "The quick brown fox jumps over the lazy dog. " * 500

    def expected(endpoint: Endpoint, text: str = text) -> int | None:
        network = FakeNetwork(chat("ok", usage=(read, 3)))
        record, _ = run(plan_of(hop("m", endpoint), text=text), network, tmp_path)
        return record.expected_tokens

    assert (expected(cutting) is not None) is is_cut
    assert (expected(cutting) or 5000) in range(4500, 5600)
    assert expected(LOCAL) is None, "others refuse, or have room"
    assert expected(cutting, "Hello") is None


def test_three_retries_are_never_made(tmp_path: Path) -> None:
    network = FakeNetwork(BUSY)
    record, _ = run(plan_of(), network, tmp_path)
    assert (record.status, record.failure, len(network.requests)) == ("failed", "overloaded", 3)


def test_a_wrong_request_is_sent_once(tmp_path: Path) -> None:
    network = FakeNetwork(refused(400, "no such thing"))
    record, _ = run(plan_of(), network, tmp_path)
    assert (record.failure, len(network.requests)) == ("invalid-request", 1)


def test_a_server_that_cannot_count_in_a_stream_is_asked_without(tmp_path: Path) -> None:
    network = FakeNetwork(refused(422, "stream_options: extra inputs are not permitted"), chat("ok", usage=None))
    record, _ = run(plan_of(), network, tmp_path)
    assert record.answer == "ok"
    assert record.tokens_estimated
    assert [b"stream_options" in http.body for http, _, _ in network.requests] == [True, False]


def test_the_next_of_a_route_answers_where_the_first_fails(tmp_path: Path) -> None:
    network = FakeNetwork(refused(401, "wrong key"), chat("ok"))
    plan = plan_of(hop("a"), hop("b", replace(LOCAL, provider="other")))
    record, watch = run(plan, network, tmp_path)
    assert (record.target, record.answer, record.retries) == ("other/b", "ok", 1)
    assert "now other/b" in watch.wait("waiting").text


def test_what_a_filter_refuses_is_not_asked_elsewhere(tmp_path: Path) -> None:
    network = FakeNetwork(refused(400, "content_policy_violation"), chat("ok"))
    filtered = Reply([b'{"error": {"code": "content_policy_violation", "message": "no"}}'], 400, {}, "application/json")
    network = FakeNetwork(filtered, chat("ok"))
    record, _ = run(plan_of(hop("a"), hop("b")), network, tmp_path)
    assert (record.failure, len(network.requests)) == ("content-filter", 1)


@pytest.mark.parametrize("reply", [HANG, Reply([HANG]), Reply([*chat("half", done=False).pieces, HANG])])
def test_a_run_can_be_stopped_at_any_moment(tmp_path: Path, reply: object) -> None:
    network = FakeNetwork(reply)
    watch = Watch()
    with running(network, tmp_path) as runs:
        run_id = runs.start(plan_of(), watch)
        assert network.reached.wait(PATIENCE)
        if isinstance(reply, Reply) and len(list(reply.pieces)) > 1:
            watch.wait("delta")
        assert [active.run for active in runs.active()] == [run_id]
        assert runs.cancel(run_id)
        record = watch.end()
        assert record.status == "cancelled"
        assert network.open_now == 0
        assert runs.active() == ()
        assert not runs.cancel(run_id)
    assert watch.kinds.count("cancelled") == 1
    assert record.partial == bool(record.answer)


@pytest.mark.parametrize(("endpoint", "billed"), [(LOCAL, False), (OPENAI, True)])
def test_only_a_hosted_provider_may_bill_for_what_was_stopped(tmp_path: Path, endpoint: Endpoint, billed: bool) -> None:
    network = FakeNetwork(Reply([*chat("half", done=False).pieces, HANG]))
    watch = Watch()
    with running(network, tmp_path, "OPENAI_API_KEY") as runs:
        run_id = runs.start(plan_of(hop(endpoint=endpoint)), watch)
        watch.wait("delta")
        runs.cancel(run_id)
        message = watch.end().message
    assert message.startswith("Stopped: the connection is closed.")
    assert ("A hosted provider may still bill" in message) == billed


def test_a_run_stopped_at_once_says_so_and_sends_nothing(tmp_path: Path) -> None:
    network = FakeNetwork(chat("ok"))
    for _ in range(20):
        watch = Watch()
        with running(network, tmp_path) as runs:
            runs.cancel(runs.start(plan_of(), watch))
            record = watch.end()
        assert watch.kinds[0] == "started"
        assert watch.kinds[-1] == record.status
        assert record.status in ("cancelled", "finished")


def test_a_run_that_waits_for_a_limit_can_be_stopped(tmp_path: Path) -> None:
    limits = {"local": Limits(concurrency=1)}
    network = FakeNetwork(HANG)
    first, second = Watch(), Watch()
    with running(network, tmp_path) as runs:
        one = runs.start(plan_of(limits=limits), first)
        assert network.reached.wait(PATIENCE)
        other = runs.start(plan_of(limits=limits), second)
        assert "1 calls at once" in second.wait("waiting").text
        runs.cancel(other)
        assert second.end().status == "cancelled"
        assert "before anything was sent" in second.end().message
        runs.cancel(one)
        first.end()
    assert len(network.requests) == 1


def test_calls_at_once_are_limited_and_all_come_to_their_turn(tmp_path: Path) -> None:
    limits = {"local/tiny": Limits(concurrency=2)}
    network = FakeNetwork(chat("ok"))
    watches = [Watch() for _ in range(6)]
    with running(network, tmp_path) as runs:
        for watch in watches:
            runs.start(plan_of(limits=limits), watch)
        assert [watch.end().answer for watch in watches] == ["ok"] * 6
    assert network.most <= 2


def test_twenty_go_on_side_by_side_and_more_wait(tmp_path: Path) -> None:
    network = FakeNetwork(Reply([*chat("half", done=False).pieces, HANG]))
    watches = [Watch() for _ in range(4)]
    with running(network, tmp_path, at_once=3) as runs:
        ids = [runs.start(plan_of(), watch) for watch in watches]
        for watch in watches[:3]:
            watch.wait("delta")
        assert "3 runs go on" in watches[3].wait("waiting").text
        runs.cancel(ids[0])
        watches[3].wait("delta")
    assert [watch.end().status for watch in watches] == ["cancelled"] * 4
    assert network.closed


def test_a_sink_that_fails_stops_nobody(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    def broken(event: RunEvent) -> None:
        raise ZeroDivisionError(CANARY)

    watch = Watch()
    with running(FakeNetwork(chat("ok")), tmp_path) as runs:
        runs.start(plan_of(), broken)
        runs.start(plan_of(), watch)
        assert watch.end().answer == "ok"
    assert CANARY not in caplog.text


def test_a_plan_with_a_question_is_not_started(tmp_path: Path) -> None:
    network = FakeNetwork(chat("ok"))
    with running(network, tmp_path) as runs:
        with pytest.raises(UnansweredError, match="really"):
            runs.start(plan_of(questions=(Question("consent", "really?"),)), Watch())
        with pytest.raises(UnansweredError, match="no"):
            runs.start(plan_of(refusal=Failure("policy", "no")), Watch())
    with pytest.raises(RuntimeError):
        runs.start(plan_of(), Watch())
    assert not network.requests


def test_runs_that_never_started_close(tmp_path: Path) -> None:
    Runs(FakeKeys()).close()
    assert not list(tmp_path.iterdir())


def test_variables_are_sent_by_value_and_kept_by_name(tmp_path: Path) -> None:
    network = FakeNetwork(chat("ok"))
    plan = plan_of(text="We are ${env:TEAM}", expands={"${env:TEAM}": "the tigers"}, log_prompts="full")
    record, _ = run(plan, network, tmp_path)
    assert b"We are the tigers" in network.requests[0][0].body
    assert "${env:TEAM}" in repr(record.messages)
    assert "tigers" not in repr(record)


@pytest.mark.parametrize(("level", "kept"), [("full", True), ("redacted", True), ("off", False)])
def test_the_history_keeps_what_it_may(tmp_path: Path, level: str, kept: bool) -> None:
    secret = "ghp_" + "a" * 36
    record, _ = run(plan_of(text=f"Hello {secret}", log_prompts=level), FakeNetwork(chat("ok")), tmp_path)
    with Database(tmp_path / "history.sqlite3") as database:
        (found,) = History(database).runs()
    assert (found.id, found.status, found.answer) == (record.id, "finished", "ok" if kept else "")
    assert bool(found.messages) == kept
    assert (secret in repr(found.messages)) == (level == "full")


def test_a_history_that_cannot_be_used_stops_no_run(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    watch = Watch()
    runs = Runs(
        FakeKeys(), network=lambda: FakeNetwork(chat("ok")), database=lambda: Database(tmp_path / "file" / "h.sqlite3")
    )
    with runs:
        runs.start(plan_of(), watch)
        assert watch.end().answer == "ok"


def test_a_history_that_breaks_in_the_middle_stops_no_run(tmp_path: Path) -> None:
    def while_it_answers() -> Iterator[bytes]:
        with Database(tmp_path / "history.sqlite3") as other:
            for table in ("call", "turn"):
                other.execute(f"DROP TABLE {table}")
        yield from chat("ok").pieces

    limited = plan_of(limits={"local": Limits(concurrency=1)})
    in_turn = plan_of(target=Target((hop("a"), hop("b")), alias="all", strategy="round-robin"))
    with running(FakeNetwork(Reply(while_it_answers()), chat("ok")), tmp_path) as runs:
        for plan in (limited, limited, in_turn):
            watch = Watch()
            runs.start(plan, watch)
            record = watch.end()
            assert (record.status, record.answer, record.message) == ("finished", "ok", "")
    record, _ = run(limited, FakeNetwork(chat("ok")), tmp_path)
    assert (record.status, record.answer) == ("finished", "ok")


def test_a_run_that_is_stopped_while_it_ends_ends_once(tmp_path: Path) -> None:
    for _ in range(10):
        watch = Watch()
        with running(FakeNetwork(chat("ok")), tmp_path) as runs:
            run_id = runs.start(plan_of(), watch)
            watch.wait("usage")
            runs.cancel(run_id)
            runs.cancel(run_id)
        assert len([kind for kind in watch.kinds if kind in ("finished", "cancelled")]) == 1
        assert watch.end().answer == "ok"


def test_old_runs_are_forgotten_where_that_is_configured(tmp_path: Path) -> None:
    with Database(tmp_path / "history.sqlite3") as database, closing(History(database)) as history:
        history.begin(RunRecord("old", "finished", 1.0))
        run(plan_of(), FakeNetwork(chat("ok")), tmp_path)
        assert len(history.runs()) == 2
        run(plan_of(keep_days=30), FakeNetwork(chat("ok")), tmp_path)
        assert "old" not in [one.id for one in history.runs()]
        for name, uri in (("mine", "file:///work/a.prompty"), ("another's", "file:///other/a.prompty")):
            history.begin(RunRecord(name, "finished", 1.0, uri))
        run(plan_of(keep_days_in=(1, "/work")), FakeNetwork(chat("ok")), tmp_path)
        left = [one.id for one in history.runs()]
        assert "mine" not in left
        assert "another's" in left


def test_runs_are_started_and_stopped_from_many_threads(tmp_path: Path) -> None:
    network = FakeNetwork(Reply([*chat("half", done=False).pieces, HANG]))
    watches: list[Watch] = []
    with running(network, tmp_path) as runs:

        def go() -> None:
            watch = Watch()
            watches.append(watch)
            runs.cancel(runs.start(plan_of(), watch))

        threads = [threading.Thread(target=go) for _ in range(15)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert {watch.end().status for watch in watches} == {"cancelled"}


def test_round_robin_goes_round(tmp_path: Path) -> None:
    target = Target((hop("a"), hop("b"), hop("c")), alias="all", strategy="round-robin")
    names = [run(plan_of(target=target), FakeNetwork(chat("ok")), tmp_path)[0].target for _ in range(4)]
    assert names == ["local/a", "local/b", "local/c", "local/a"]


def test_the_fastest_is_first_once_all_were_measured(tmp_path: Path) -> None:
    target = Target((hop("a"), hop("b")), alias="all", strategy="fastest")
    names = [run(plan_of(target=target), FakeNetwork(chat("ok")), tmp_path)[0].target for _ in range(2)]
    assert sorted(names) == ["local/a", "local/b"]
