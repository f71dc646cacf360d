"""Answers that come later: in any order, cancellable, fenced, and never a reason for another request to wait."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.lsp.frames import Server, notification, request, server

# `test/render` renders what it is given, `test/wait` waits for a file of the worker's, `test/fails` fails there.
WITH_MORE = """
import sys, threading
import promptls.lsp.requests as requests
from promptls.lsp import serve
from promptls.lsp.requests.registry import REQUEST_FAILED, RefusedError, request
from promptls.lsp.worker import Later

gate = threading.Event()

def rendered(renderer, text):
    done = renderer.render("jinja", text, {})
    return done.error.kind if done.error else done.text

@request("test/render")
def render(ctx, params):
    return Later(lambda renderer: rendered(renderer, params["text"]), lambda text: {"text": text})

@request("test/wait")
def wait(ctx, params):
    return Later(lambda renderer: gate.wait(90))

@request("test/open")
def open_(ctx, params):
    gate.set()

@request("test/close")
def close(ctx, params):
    gate.clear()

@request("test/fails")
def fails(ctx, params):
    def work(renderer):
        if params.get("refused"):
            raise RefusedError(REQUEST_FAILED, "this cannot be rendered")
        raise ValueError(params["secret"])
    return Later(work)

sys.exit(serve())
"""
BOMB = "{% for i in range(99999) %}{% for j in range(99999) %}{% endfor %}{% endfor %}"


@pytest.fixture(scope="module")
def running() -> Iterator[Server]:
    with server(code=WITH_MORE) as one:
        one.start()
        yield one
        assert one.stop() == 0


def test_other_requests_are_answered_meanwhile(running: Server) -> None:
    assert running.result("test/close") is None
    running.send(request("slow", "test/wait"))
    assert running.result("test/open") is None
    assert running.answer("slow")["result"] is True


def test_the_worker_renders(running: Server) -> None:
    assert running.result("test/render", {"text": "{{ 1 + 1 }}"}) == {"text": "2"}


def test_what_renders_for_too_long_can_be_stopped_and_the_next_is_rendered(running: Server) -> None:
    running.send(request("bomb", "test/render", {"text": BOMB}), request("behind", "test/render", {"text": "a"}))
    running.send(notification("$/cancelRequest", {"id": "bomb"}))
    assert running.answer("bomb")["error"]["code"] == -32800
    assert running.answer("behind")["result"] == {"text": "a"}


def test_what_waits_for_the_worker_can_be_stopped(running: Server) -> None:
    assert running.result("test/close") is None
    running.send(request("first", "test/wait"), request("second", "test/render", {"text": "a"}))
    running.send(notification("$/cancelRequest", {"id": "second"}))
    assert running.answer("second")["error"]["code"] == -32800
    assert running.result("test/open") is None
    assert running.answer("first")["result"] is True


def test_a_failure_in_the_worker_is_one_sentence(running: Server) -> None:
    failed = running.request("test/fails", {"secret": "hunter2"})["error"]
    assert failed["code"] == -32603
    assert "hunter2" not in str(failed)
    refused = running.request("test/fails", {"refused": True})["error"]
    assert (refused["code"], refused["message"]) == (-32803, "this cannot be rendered")
    assert running.result("test/render", {"text": "a"}) == {"text": "a"}


def test_shutdown_does_not_wait_for_it() -> None:
    with server(code=WITH_MORE) as one:
        one.start()
        one.send(request("slow", "test/wait"), request("end", "shutdown"), notification("exit"))
        assert one.code() == 0
        answers = [message for message in one.drain() if "id" in message and "method" not in message]
        assert [(one["id"], one.get("error", {}).get("code")) for one in answers[-2:]] == [
            ("slow", -32800),
            ("end", None),
        ]


def test_the_end_of_input_waits_for_the_answer() -> None:
    with server(code=WITH_MORE) as one:
        one.start()
        one.send(request("late", "test/render", {"text": "{{ 6 * 7 }}"}))
        one.end_of_input()
        assert one.code() == 1
        assert [message["result"] for message in one.drain() if message.get("id") == "late"] == [{"text": "42"}]
