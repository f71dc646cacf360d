"""The protocol under torture: what `tests/lsp/test_protocol.py` tells of one message, told of very many."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from typing import Any

import pytest

from promptls.lsp.framing import frame
from tests.lsp.frames import PATIENCE, SERVE, Server, notification, profile, request, sent_findings, server
from tests.lsp.test_documents import BAD, GOOD, change
from tests.torture.tally import Tally

URI = "file:///torture/protocol.prompty"
MANY = pytest.mark.parametrize("count", [25, pytest.param(3_000, marks=pytest.mark.torture)])


def about(uri: str = URI, **more: Any) -> dict[str, Any]:
    return {"textDocument": {"uri": uri}, **more}


def body(message: Any) -> bytes:
    return json.dumps(message).encode()


def stop(one: Server) -> None:
    assert one.stop() == 0
    assert one.errors == b""


@MANY
def test_any_cuts_of_the_stream(count: int, tally: Tally) -> None:
    chance = random.Random(count)
    with server() as one:
        one.start()
        stream = b"".join(frame(body(request(f"n{at}", "nobody/knows"))) for at in range(count))
        while stream:
            size = chance.choice((1, 2, 7, 50, 1_000, 70_000))
            one.raw(stream[:size])
            stream = stream[size:]
        for at in range(count):
            assert one.answer(f"n{at}")["error"]["code"] == -32601
        stop(one)
    tally.settle(count)


@MANY
def test_what_is_no_message_between_messages(count: int, tally: Tally) -> None:
    """Each piece of nonsense is followed by a good message, which is answered. A length that is too small makes
    nonsense of the rest of its own message, one that is too large swallows what follows, and no more."""
    chance = random.Random(count)
    good = body(request("lost", "nobody/knows"))
    nonsense = [
        frame(b"{"),
        frame(b"[]"),
        frame(b'"' + b"x" * 100_000),
        frame(b"\xff" * 100),
        frame(b"[" * 50_000),
        frame(body([request("batched", "shutdown"), request("batched", "shutdown")])),
        b"Content-Length: none\r\n\r\n",
        b"Content-Length: 99999999999\r\n\r\n",
        b"X-Padding: " + b"x" * 40_000 + b"\r\n\r\n",
        b"X-Padding: " + b"x" * 200_000 + b"\r\n\r\n",
        b"Content-Length: %d\r\n\r\n" % (len(good) - 5) + good,
    ]
    with server() as one:
        one.start()
        for at in range(count):
            one.raw(chance.choice(nonsense))
            # Of a header that was cut off the rest is skipped up to the next one.
            one.raw(frame(body(notification("$/nothing"))) + frame(body(request(f"n{at}", "nobody/knows"))))
            assert one.answer(f"n{at}")["error"]["code"] == -32601
        stop(one)
    tally.settle(2 * count)


def test_a_length_that_is_too_large_swallows_what_follows_and_no_more() -> None:
    with server() as one:
        one.start()
        message = body(request("short", "nobody/knows"))
        one.raw(b"Content-Length: %d\r\n\r\n" % (len(message) + 10) + message + b"          ")
        assert one.answer("short")["error"]["code"] == -32601
        swallowed = frame(body(request("swallowed", "nobody/knows")))
        one.raw(b"Content-Length: %d\r\n\r\n" % (len(message) + len(swallowed)) + message + swallowed)
        assert one.answer(None)["error"]["code"] == -32700
        assert one.request("nobody/knows")["error"]["code"] == -32601
        stop(one)


def test_requests_of_the_same_id_are_each_answered(tally: Tally) -> None:
    with server() as one:
        one.start()
        one.open(URI, GOOD)
        one.send(*(request("same", "textDocument/documentSymbol", about()) for _ in range(20)))
        answers = [one.answer("same") for _ in range(20)]
        assert all(answer["result"] == answers[0]["result"] for answer in answers)
        one.send(
            *(request("same", "textDocument/documentSymbol", about()) for _ in range(5)),
            notification("$/cancelRequest", {"id": "same"}),
        )
        outcomes = [one.answer("same") for _ in range(5)]
        assert all("result" in answer or answer["error"]["code"] == -32800 for answer in outcomes)
        stop(one)
    tally.settle(25)


@MANY
def test_a_storm_of_changes_requests_and_cancellations(count: int, tally: Tally) -> None:
    """Every request is answered once: with a result, or as cancelled. At the end the server knows the last text."""
    chance = random.Random(count)
    with server() as one:
        one.start(**profile("vscode"))
        one.open(URI, GOOD)
        asked: list[str] = []
        for version in range(2, count + 2):
            messages = [change(URI, version, {"text": BAD if chance.random() < 0.5 else GOOD})]
            for method in chance.sample(["diagnostic", "semanticTokens/full", "documentSymbol", "foldingRange"], k=2):
                asked.append(f"{method} {version}")
                messages.append(request(asked[-1], f"textDocument/{method}", about()))
            if chance.random() < 0.8:
                messages += [notification("$/cancelRequest", {"id": old}) for old in asked[-3:]]
            one.send(*messages)
        one.send(change(URI, count + 2, {"text": BAD}))
        for identifier in asked:
            answer = one.answer(identifier)
            assert "result" in answer or answer["error"]["code"] == -32800
        items = one.result("textDocument/diagnostic", about())["items"]
        assert {item["code"] for item in items} == {"undefined-variable", "unused-input"}
        stop(one)
        assert not [message for message in one.received if message.get("id") in asked]
    tally.settle(len(asked))


@MANY
def test_versions_that_go_back_and_forth(count: int, tally: Tally) -> None:
    chance = random.Random(count)
    with server() as one:
        one.start(**profile("vscode"))
        one.open(URI, GOOD)
        for _ in range(count):
            one.send(change(URI, chance.randint(-3, 9), {"text": chance.choice((GOOD, BAD))}))
        one.send(change(URI, 5, {"text": BAD}))
        assert len(one.result("textDocument/diagnostic", about())["items"]) == 2
        assert one.stop() == 0
    assert b"came after version" in one.errors
    tally.settle(1)


@MANY
def test_a_document_that_is_closed_and_opened_while_the_server_works(count: int, tally: Tally) -> None:
    """What is told at the end is told of the text that is open then, by either way."""
    for client in (profile("vscode"), sent_findings("vscode")):
        with server() as one:
            pulls = "diagnosticProvider" in one.start(**client)
            for at in range(count):
                one.open(URI, BAD, version=1)
                one.send(
                    change(URI, 2, {"text": GOOD * 3}),
                    request(f"n{at}", "textDocument/documentSymbol", about()),
                    notification("textDocument/didClose", about()),
                    request(f"m{at}", "textDocument/hover", about(position={"line": 1, "character": 1})),
                )
            one.open(URI, BAD, version=7)
            if pulls:
                assert len(one.result("textDocument/diagnostic", about())["items"]) == 2
            else:
                assert len(one.findings(URI, 7)) == 2
            for at in range(count):
                assert "result" in one.answer(f"n{at}")
                assert "result" in one.answer(f"m{at}")
            stop(one)
        tally.requests += 2 * count
    tally.settle(2)


@pytest.mark.parametrize("cut", [1, 10, 25, 60, 3_000])
def test_the_end_of_input_anywhere_in_a_message_ends_the_server(cut: int) -> None:
    stream = frame(body(request(1, "initialize", {"capabilities": {}}))) + frame(body(notification("initialized", {})))
    document = {"uri": URI, "languageId": "prompty", "version": 1, "text": BAD * 20}
    stream += frame(body(notification("textDocument/didOpen", {"textDocument": document})))
    with server() as one:
        one.raw(stream[:-1] if cut > len(stream) else stream[:cut])
        one.end_of_input()
        assert one.code() == 1
    assert one.errors == b""


def test_a_client_that_never_reads_and_goes_on_changing() -> None:
    """The pipe is full after 64 kB of findings; every change is read all the same, and so is `exit`."""
    process = subprocess.Popen([sys.executable, "-c", SERVE, ""], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        assert process.stdin is not None
        text = BAD + "{{ other }}\n" * 300
        messages = [
            request(0, "initialize", {"capabilities": {}}),
            notification("initialized", {}),
            notification(
                "textDocument/didOpen",
                {"textDocument": {"uri": URI, "languageId": "prompty", "version": 1, "text": text}},
            ),
        ]
        for version in range(2, 40):
            messages += [
                change(URI, version, {"text": text + "x" * version}),
                request(version, "textDocument/documentSymbol", about()),
            ]
        messages += [request("end", "shutdown"), notification("exit")]
        for message in messages:
            process.stdin.write(frame(body(message)))
        process.stdin.flush()
        assert process.wait(PATIENCE) == 0
    finally:
        process.kill()
        process.communicate()


@pytest.mark.skipif(sys.platform == "win32", reason="ends a process as POSIX does")
def test_the_death_of_the_parent_ends_a_server_that_is_at_work() -> None:
    parent = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    try:
        with server() as one:
            one.start(processId=parent.pid)
            one.open(URI, BAD + "{{ other }}\n" * 2_000)
            parent.kill()
            for version in range(2, 30):
                one.send(change(URI, version, {"text": BAD + "{{ a }}" * version}))
            assert one.code() == 1
    finally:
        parent.kill()
        parent.communicate()
