"""The protocol's rules, on raw frames: what is answered, in what order, with what code, and how it ends."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from promptls.lsp.framing import frame
from tests.lsp.frames import PATIENCE, Server, eventually, notification, request, server

URI = "file:///tmp/greet.prompty"
TEXT = "---\nname: greet\nmodel: m\n---\nuser:\nHello\n"
AT = {"textDocument": {"uri": URI}, "position": {"line": 0, "character": 0}}

# A server with more requests: two that count their computations, one of which takes its time and one goes on until a
# file is there, one that fails with something secret in its error, one that prints.
WITH_MORE = """
import subprocess, sys, time
from pathlib import Path
import promptls.lsp.requests as requests
from promptls.lsp import serve
from promptls.lsp.requests.registry import request

computed = 0

@request("test/slow")
def slow(ctx, params):
    global computed
    computed += 1
    time.sleep(params["seconds"])
    return computed

@request("test/held")
def held(ctx, params):
    global computed
    computed += 1
    Path(params["folder"], "begun").touch()
    while not Path(params["folder"], "go on").exists():
        time.sleep(0.005)
    return computed

@request("test/fails")
def fails(ctx, params):
    secret = params["secret"]
    raise ValueError(f"cannot use {secret}")

@request("test/prints")
def prints(ctx, params):
    print("this is not protocol")
    subprocess.run([sys.executable, "-c", "print('nor is this'); import sys; print(sys.stdin.read())"])
    return "printed"

@request("test/large")
def large(ctx, params):
    return "x" * params["size"]

sys.exit(serve(sys.argv[1] if sys.argv[1:] else None))
"""


@pytest.fixture(scope="module")
def running() -> Iterator[Server]:
    """One server for the tests that must not end it."""
    with server(code=WITH_MORE) as one:
        one.start()
        yield one
        assert one.stop() == 0


def codes(answers: list[Any]) -> list[int]:
    return [answer["error"]["code"] if "error" in answer else 0 for answer in answers]


def test_initialize_says_who_answers_and_shutdown_then_exit_ends_with_zero() -> None:
    with server() as one:
        result = one.result("initialize", {"processId": None, "capabilities": {}})
        assert result["serverInfo"]["name"] == "promptls"
        assert result["capabilities"]["positionEncoding"] == "utf-16"
        one.notify("initialized", {})
        assert one.stop() == 0


def test_before_initialize_requests_are_refused_and_notifications_dropped() -> None:
    with server() as one:
        one.open(URI, TEXT)
        assert one.request("textDocument/hover", AT)["error"]["code"] == -32002
        assert one.request("shutdown")["error"]["code"] == -32002
        one.start()
        assert one.result("textDocument/documentSymbol", {"textDocument": {"uri": "untitled:x"}}) == []
        assert not [message for message in one.received if message.get("method") == "textDocument/publishDiagnostics"]


def test_exit_before_initialize_ends_with_one() -> None:
    with server() as one:
        one.notify("exit")
        assert one.code() == 1


def test_exit_without_shutdown_ends_with_one() -> None:
    with server() as one:
        one.start()
        one.notify("exit")
        assert one.code() == 1


def test_a_second_initialize_is_refused() -> None:
    with server() as one:
        one.start()
        assert one.request("initialize", {"capabilities": {}})["error"]["code"] == -32600


def test_after_shutdown_everything_but_exit_is_refused() -> None:
    with server() as one:
        one.start()
        assert one.result("shutdown") is None
        assert one.request("textDocument/hover", AT)["error"]["code"] == -32600
        assert one.request("shutdown")["error"]["code"] == -32600
        assert one.request("nobody/knows")["error"]["code"] == -32600
        one.open(URI, TEXT)
        one.notify("exit")
        assert one.code() == 0


def test_requests_that_wait_are_answered_before_shutdown_is() -> None:
    with server(code=WITH_MORE) as one:
        one.start()
        one.send(
            *(request(f"slow {number}", "test/slow", {"seconds": 0.02}) for number in range(5)),
            request("end", "shutdown"),
            notification("exit"),
        )
        assert one.code() == 0
        answers = [message for message in one.drain() if "id" in message and "method" not in message]
        assert [answer["id"] for answer in answers] == [f"slow {number}" for number in range(5)] + ["end"]
        assert codes(answers) == [0] * 6


def test_the_end_of_input_ends_it_after_what_came_is_answered() -> None:
    with server(code=WITH_MORE) as one:
        one.start()
        one.send(request("a", "test/slow", {"seconds": 0}))
        one.end_of_input()
        assert one.code() == 1
        assert [message["result"] for message in one.drain() if message.get("id") == "a"] == [1]


def test_the_end_of_input_after_shutdown_is_a_good_end() -> None:
    with server() as one:
        one.start()
        one.result("shutdown")
        one.end_of_input()
        assert one.code() == 0


def test_the_end_of_input_in_the_middle_of_a_message() -> None:
    with server() as one:
        one.raw(b"Content-Length: 100\r\n\r\n{")
        one.end_of_input()
        assert one.code() == 1


@pytest.mark.skipif(sys.platform == "win32", reason="ends a process as POSIX does")
def test_the_death_of_the_parent_ends_it() -> None:
    parent = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    try:
        with server() as one:
            one.start(processId=parent.pid)
            parent.kill()
            assert one.code() == 1
    finally:
        parent.kill()
        parent.communicate()


def test_a_parent_that_is_gone_already_ends_it() -> None:
    parent = subprocess.run([sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, check=True)
    with server() as one:
        one.send(request(1, "initialize", {"processId": int(parent.stdout), "capabilities": {}}))
        assert one.code() == 1


def test_unknown_methods(running: Server) -> None:
    answer = running.request("nobody/knows", {"secret": 1})
    assert answer["error"] == {"code": -32601, "message": "promptls does not know the request nobody/knows."}
    assert running.request("$/nobody")["error"]["code"] == -32601
    running.notify("nobody/knows", {"secret": 1})
    running.notify("$/nobody")
    assert running.result("test/prints") == "printed"


@pytest.mark.parametrize(
    "params",
    [
        None,
        [],
        {},
        {"textDocument": {"uri": "secret"}},
        {"textDocument": {"uri": URI}, "position": {"line": "secret", "character": 1}},
        {"textDocument": {"uri": URI}, "position": {"line": -1, "character": 1}},
        {"textDocument": "secret", "position": {"line": 0, "character": 1}},
    ],
)
def test_wrong_parameters_are_answered_with_a_sentence(running: Server, params: Any) -> None:
    error = running.request("textDocument/hover", params)["error"]
    assert error["code"] == -32602
    assert "textDocument/hover" in error["message"]
    assert "secret" not in json.dumps(error)
    assert set(error) == {"code", "message"}
    running.notify("textDocument/didOpen", params)
    assert running.result("test/prints") == "printed"


def test_a_handler_that_fails_is_fenced(tmp_path: Path) -> None:
    log = tmp_path / "promptls.log"
    with server(str(log), code=WITH_MORE) as one:
        one.start()
        answer = one.request("test/fails", {"secret": "opensesame"})
        assert answer["error"] == {"code": -32603, "message": "promptls failed on test/fails; see the log"}
        assert one.result("test/slow", {"seconds": 0}) == 1
        assert one.stop() == 0
        written = log.read_text(encoding="utf-8")
        assert "ValueError" in written
        assert "in fails" in written
        assert "opensesame" not in written + json.dumps(one.received) + one.errors.decode()


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"{", -32700),
        (b"", -32700),
        (b"\xff\xfe{}", -32700),
        (b'{"jsonrpc":"2.0","id":9,"method":' + b"[" * 100_000, -32700),
        (b"[]", -32600),
        (b'[{"jsonrpc":"2.0","id":9,"method":"shutdown"}]', -32600),
        (b"5", -32600),
        (b"null", -32600),
        (b'"x"', -32600),
        (b'{"id":9,"method":"shutdown"}', -32600),
        (b'{"jsonrpc":"1.0","id":9,"method":"shutdown"}', -32600),
        (b'{"jsonrpc":"2.0","id":9}', -32600),
        (b'{"jsonrpc":"2.0","id":9,"method":5}', -32600),
        (b'{"jsonrpc":"2.0","id":null,"method":"shutdown"}', -32600),
        (b'{"jsonrpc":"2.0","id":{},"method":"shutdown"}', -32600),
        (b'{"jsonrpc":"2.0","id":true,"method":"shutdown"}', -32600),
    ],
)
def test_what_is_no_message_is_answered_and_the_next_one_served(running: Server, body: bytes, code: int) -> None:
    running.raw(frame(body))
    answer = running.wait(lambda message: message.get("error", {}).get("code") == code)
    assert answer["id"] in (None, 9)
    assert running.result("test/slow", {"seconds": 0}) > 0


def test_frames_that_are_split_joined_and_broken() -> None:
    with server() as one:
        start = frame(json.dumps(request(1, "initialize", {"capabilities": {}})).encode())
        for byte in start[:60]:
            one.raw(bytes([byte]))
        one.raw(start[60:])
        assert "result" in one.answer(1)
        one.raw(b"Content-Length: -1\r\n\r\n")
        assert one.answer(None)["error"]["code"] == -32700
        one.raw(b"Content-Type: text/plain\r\n\r\n")
        assert one.answer(None)["error"]["code"] == -32700
        one.raw(b"Content-Length: 99999999999999\r\n\r\n{}")
        assert one.answer(None)["error"]["code"] == -32700
        body = json.dumps(request(2, "shutdown")).encode()
        one.raw(
            b"content-LENGTH:%d\r\nX-Other: 1\r\n\r\n" % len(body) + body + frame(b'{"jsonrpc":"2.0","method":"exit"}')
        )
        assert one.answer(2)["result"] is None
        assert one.code() == 0


def test_of_a_hundred_cancelled_requests_at_most_the_running_one_is_computed(tmp_path: Path) -> None:
    with server(code=WITH_MORE) as one:
        one.start()
        one.send(request("first", "test/held", {"folder": str(tmp_path)}))
        one.send(*(request(number, "test/slow", {"seconds": 0}) for number in range(100)))
        one.send(*(notification("$/cancelRequest", {"id": number}) for number in range(100)))
        # They are answered while the first one still runs.
        answers = [one.answer(number) for number in range(100)]
        assert set(codes(answers)) == {-32800}
        (tmp_path / "go on").touch()
        assert one.answer("first")["result"] == 1
        assert one.result("test/slow", {"seconds": 0}) == 2


def test_a_cancelled_request_that_runs_is_answered_as_cancelled(running: Server, tmp_path: Path) -> None:
    running.send(request("running", "test/held", {"folder": str(tmp_path)}))
    eventually((tmp_path / "begun").exists, "the request runs")
    running.send(*(request(name, "test/slow", {"seconds": 0}) for name in ("next", "behind")))
    running.send(*(notification("$/cancelRequest", {"id": name}) for name in ("running", "behind")))
    # What is answered while the other runs was read after it, so that both are known to be cancelled.
    assert codes([running.answer("behind")]) == [-32800]
    (tmp_path / "go on").touch()
    assert codes([running.answer("running"), running.answer("next")]) == [-32800, 0]


def test_cancelling_what_is_not_there_does_nothing(running: Server) -> None:
    nothing: list[Any] = [{"id": 77}, {"id": None}, {"id": {}}, {}, None, []]
    for params in nothing:
        running.notify("$/cancelRequest", params)
    assert running.result("test/prints") == "printed"


def test_nothing_but_the_protocol_reaches_standard_output(running: Server) -> None:
    assert running.result("test/prints") == "printed"


def test_a_client_that_does_not_read_is_still_read() -> None:
    """The pipe is full after 64 kB; the server goes on reading, so it sees `exit` and ends."""
    process = subprocess.Popen([sys.executable, "-c", WITH_MORE], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        assert process.stdin is not None
        messages = [request(0, "initialize", {"capabilities": {}})]
        messages += [request(number, "test/large", {"size": 200_000}) for number in range(1, 20)]
        messages += [notification("textDocument/didOpen", {"padding": "x" * 300_000}) for _ in range(10)]
        messages += [request("end", "shutdown"), notification("exit")]
        for message in messages:
            process.stdin.write(frame(json.dumps(message).encode()))
        process.stdin.flush()
        assert process.wait(PATIENCE) == 0
    finally:
        process.kill()
        process.communicate()


def test_a_client_that_closed_its_end_is_left() -> None:
    process = subprocess.Popen([sys.executable, "-c", WITH_MORE], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdout.close()
        process.stdin.write(frame(json.dumps(request(0, "initialize", {"capabilities": {}})).encode()))
        process.stdin.flush()
        assert process.wait(PATIENCE) == 1
    finally:
        process.kill()
        process.wait()
        if process.stdin:
            process.stdin.close()


STRANGE = {
    "textDocument": {
        "publishDiagnostics": {"tagSupport": {"valueSet": [-1, 1, "x"]}},
        "completion": {"completionItemKind": {"valueSet": [1, 999, -3]}},
        "codeAction": {"codeActionLiteralSupport": {"codeActionKind": {"valueSet": [5, None]}}},
        "semanticTokens": {"tokenTypes": ["strange", 5], "tokenModifiers": None},
        "documentSymbol": {"symbolKind": {"valueSet": [99]}},
        "hover": True,
    },
    "general": {"positionEncodings": ["utf-64", 7]},
    "workspace": [],
    "window": "x",
}


@pytest.mark.parametrize("capabilities", [STRANGE, None])
def test_unknown_values_in_initialize_do_no_harm(capabilities: Any) -> None:
    with server() as one:
        params = {"capabilities": capabilities, "trace": "loud", "workspaceFolders": [5, {"uri": 7}], "locale": 3}
        assert one.result("initialize", params)["capabilities"]["positionEncoding"] == "utf-16"
        one.notify("initialized", {})
        one.open(URI, TEXT)
        assert isinstance(one.findings(URI, 1), list)
        assert isinstance(one.result("textDocument/documentSymbol", {"textDocument": {"uri": URI}}), list)
        assert one.stop() == 0


@pytest.mark.parametrize("params", [None, [], 5, "x"])
def test_initialize_without_parameters_is_refused_and_can_be_tried_again(params: Any) -> None:
    with server() as one:
        assert one.request("initialize", params)["error"]["code"] == -32602
        one.start()
        assert one.stop() == 0


def test_what_is_slow_is_logged_with_its_method_and_its_size(tmp_path: Path) -> None:
    log = tmp_path / "promptls.log"
    with server(str(log), code=WITH_MORE) as one:
        one.start()
        one.result("test/slow", {"seconds": 0.1})
        shown = one.notified("window/logMessage", lambda params: "test/slow took" in params["message"])
        assert "bytes" in shown["message"]
        one.stop()
        assert "test/slow took" in log.read_text(encoding="utf-8")


def test_trace_is_sent_when_it_is_asked_for() -> None:
    with server(code=WITH_MORE) as one:
        one.start()
        one.result("test/slow", {"seconds": 0})
        one.notify("$/setTrace", {"value": "verbose"})
        one.result("test/slow", {"seconds": 0})
        trace = one.notified("$/logTrace", lambda params: "test/slow" in params["message"])
        assert "bytes" in trace["verbose"]
        one.notify("$/setTrace", {"value": "off"})
        one.result("test/slow", {"seconds": 0})
        one.received.clear()
        one.result("test/slow", {"seconds": 0})
        assert not [message for message in one.received if message.get("method") == "$/logTrace"]
        assert one.stop() == 0


def test_a_log_file_that_cannot_be_written_stops_nothing(tmp_path: Path) -> None:
    with server(str(tmp_path / "no such folder" / "x.log")) as one:
        one.start()
        assert one.stop() == 0
    assert b"log file" in one.errors


def test_standard_error_stays_quiet_in_a_good_session() -> None:
    """Neovim and others log it as errors."""
    with server() as one:
        one.start()
        one.open(URI, TEXT)
        one.findings(URI, 1)
        one.stop()
    assert one.errors == b""


def test_answers_to_questions_that_nobody_asked_are_ignored(running: Server) -> None:
    running.send({"jsonrpc": "2.0", "id": "unknown", "result": 5}, {"jsonrpc": "2.0", "id": 3, "error": {"code": 1}})
    assert running.result("test/prints") == "printed"


def test_interrupted_by_the_keyboard_it_ends(request: pytest.FixtureRequest) -> None:
    if os.name == "nt":
        pytest.skip("sends a signal as POSIX does")
    import signal

    # A shell's background job has this signal ignored, and hands that on.
    before = signal.signal(signal.SIGINT, signal.SIG_DFL)
    request.addfinalizer(lambda: signal.signal(signal.SIGINT, before))
    one: Server
    with server() as one:
        one.start()
        one.process.send_signal(signal.SIGINT)
        assert one.code() == 1
    assert b"Traceback" not in one.errors
