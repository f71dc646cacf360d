"""Messages wait in order; a cancelled request is answered while it waits and never handed out."""

from __future__ import annotations

import json
from typing import Any

from promptls.lsp.framing import Unreadable
from promptls.lsp.inbox import Inbox
from tests.lsp.frames import notification, request


def inbox() -> tuple[Inbox, list[Any]]:
    cancelled: list[Any] = []
    return Inbox(cancelled.append), cancelled


def put(box: Inbox, *messages: Any) -> None:
    box.put([json.dumps(message).encode() for message in messages])


def taken(box: Inbox) -> list[Any]:
    found = []
    while (message := box.take()) is not None:
        found.append(message.data.get("id", message.data["method"]))
        box.done(message)
    return found


def cancel(identifier: Any) -> Any:
    return notification("$/cancelRequest", {"id": identifier})


def test_of_a_hundred_cancelled_requests_none_is_handed_out() -> None:
    box, cancelled = inbox()
    put(box, *(request(number, "textDocument/hover") for number in range(100)))
    put(box, *(cancel(number) for number in range(100)))
    assert cancelled == list(range(100))
    assert taken(box) == []


def test_the_running_request_is_marked_and_not_answered_twice() -> None:
    box, cancelled = inbox()
    put(box, request(1, "textDocument/hover"))
    running = box.take()
    assert running is not None
    put(box, cancel(1))
    assert running.cancelled
    assert cancelled == []


def test_a_number_and_a_string_are_different_requests() -> None:
    box, cancelled = inbox()
    put(box, request(1, "textDocument/hover"), request("1", "textDocument/hover"), cancel("1"))
    assert cancelled == ["1"]
    assert taken(box) == [1]


def test_a_cancellation_of_nothing_is_nothing() -> None:
    box, cancelled = inbox()
    put(box, cancel(5), cancel(None), cancel([1]), notification("$/cancelRequest"), request(5, "textDocument/hover"))
    assert cancelled == []
    assert taken(box)[-1] == 5


def test_a_finished_request_cannot_be_cancelled() -> None:
    box, cancelled = inbox()
    put(box, request(1, "textDocument/hover"))
    assert taken(box) == [1]
    put(box, cancel(1))
    assert cancelled == []


def test_the_start_and_the_end_of_the_session_cannot_be_cancelled() -> None:
    box, cancelled = inbox()
    put(box, request(1, "initialize"), request(2, "shutdown"), cancel(1), cancel(2))
    assert cancelled == []
    assert taken(box) == [1, 2]


def test_what_cannot_be_decoded_keeps_its_turn() -> None:
    box, _ = inbox()
    box.put([b'{"jsonrpc"', b"\xff\xfe\x00", b"[" * 100_000, Unreadable("no header")])
    assert [isinstance(message.data, Unreadable) for message in iter(box.take, None)] == [True] * 4
