"""Findings that the client asks for, as VS Code does: what is answered, and when it is told to ask again."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from promptls.text.uris import path_to_uri
from tests.lsp.frames import Server, notification, profile, request, sent_findings, server
from tests.lsp.test_documents import BAD, GOOD, change, codes, span
from tests.lsp.test_session import WITH_DOUBTS, answer

REFRESH = "workspace/diagnostic/refresh"
BOTH = {"undefined-variable", "unused-input"}


@pytest.fixture(scope="module")
def vscode() -> Iterator[Server]:
    with server() as one:
        one.start(**profile("vscode"))
        yield one
        assert one.stop() == 0


def asked(uri: str, previous: str | None = None) -> dict[str, Any]:
    return {"textDocument": {"uri": uri}, "identifier": "promptls", "previousResultId": previous}


def pull(one: Server, uri: str, previous: str | None = None) -> Any:
    return one.result("textDocument/diagnostic", asked(uri, previous))


def told(one: Server) -> list[Any]:
    """What came without being asked for, less the log and the questions about settings and files."""
    expected = ("client/registerCapability", "workspace/configuration", "window/logMessage")
    return [message["method"] for message in one.received if "method" in message and message["method"] not in expected]


def refreshed(one: Server) -> None:
    """The client is told to ask again, and says that it will."""
    question = one.wait(lambda message: message.get("method") == REFRESH)
    assert question.get("params") is None
    one.send(answer(question["id"], None))


def quiet(one: Server) -> None:
    """Longer than any pause of the server: what was to come has come."""
    time.sleep(0.5)
    one.request("nobody/knows")


def test_findings_are_answered_and_not_sent(vscode: Server) -> None:
    uri = "file:///tmp/pulled.prompty"
    vscode.open(uri, BAD)
    report = pull(vscode, uri)
    assert report["kind"] == "full"
    assert codes(report["items"]) == BOTH
    again = pull(vscode, uri, report["resultId"])
    assert again == {"kind": "unchanged", "resultId": report["resultId"]}
    assert pull(vscode, uri, "of another session")["kind"] == "full"
    assert pull(vscode, uri)["items"] == report["items"]
    vscode.send(change(uri, 2, span(8, 9, 12, "name")))
    mended = pull(vscode, uri, report["resultId"])
    assert (mended["kind"], mended["items"]) == ("full", [])
    assert mended["resultId"] != report["resultId"]
    vscode.send(change(uri, 3, span(8, 9, 13, "nme")))
    assert codes(pull(vscode, uri, report["resultId"])["items"]) == BOTH
    quiet(vscode)
    assert told(vscode) == []
    vscode.notify("textDocument/didClose", {"textDocument": {"uri": uri}})


def test_a_change_that_changes_no_finding_is_unchanged(vscode: Server) -> None:
    uri = "file:///tmp/unchanged.prompty"
    vscode.open(uri, BAD)
    report = pull(vscode, uri)
    vscode.send(change(uri, 2, span(9, 0, 0, "And more of it.\n")))
    assert pull(vscode, uri, report["resultId"])["kind"] == "unchanged"
    vscode.notify("textDocument/didClose", {"textDocument": {"uri": uri}})


def test_what_is_not_open_or_no_prompt_file(vscode: Server) -> None:
    assert pull(vscode, "file:///tmp/never-opened-by-anyone.prompty")["items"] == []
    vscode.open("file:///tmp/pulled.txt", BAD)
    first = pull(vscode, "file:///tmp/pulled.txt")
    assert first["items"] == []
    assert pull(vscode, "file:///tmp/pulled.txt", first["resultId"])["kind"] == "unchanged"


@pytest.mark.parametrize("client", [sent_findings("vscode"), profile("neovim"), profile("bare")])
def test_a_client_that_is_sent_its_findings_is_not_answered_as_well(client: Any) -> None:
    """Neovim 0.11 could ask, and cannot be told to ask again."""
    uri = "file:///tmp/sent.prompty"
    with server() as one:
        assert "diagnosticProvider" not in one.start(**client)
        one.open(uri, BAD)
        assert codes(one.findings(uri, 1)) == BOTH
        error = one.request("textDocument/diagnostic", {"textDocument": {"uri": uri}})["error"]
        assert error["code"] == -32803
        assert one.stop() == 0
        assert REFRESH not in told(one)


def test_what_is_offered() -> None:
    with server() as one:
        offered = one.start(**profile("vscode"))["diagnosticProvider"]
        assert offered == {"interFileDependencies": True, "workspaceDiagnostics": False, "identifier": "promptls"}
        assert one.stop() == 0


def test_a_change_elsewhere_asks_for_one_new_look_at_all_that_it_alters(tmp_path: Path) -> None:
    uris = [path_to_uri(str(tmp_path / name)) for name in ("a.prompty", "b.prompty", "good.prompty")]
    config = path_to_uri(str(tmp_path / "promptls.yaml"))
    with server() as one:
        one.start(**profile("vscode"), workspaceFolders=[{"uri": path_to_uri(str(tmp_path)), "name": "x"}])
        for uri in uris:
            one.open(uri, GOOD if "good" in uri else BAD)
        known = {uri: pull(one, uri)["resultId"] for uri in uris}
        one.open(config, "rules: {undefined-variable: off}\n")
        refreshed(one)
        for uri in uris[:2]:
            report = pull(one, uri, known[uri])
            assert codes(report["items"]) == {"unused-input"}
            known[uri] = report["resultId"]
        assert pull(one, uris[2], known[uris[2]])["kind"] == "unchanged"
        one.send(change(config, 2, {"text": "rules: {undefined-variable: off, unknown-key: off}\n"}))
        one.send(change(uris[2], 2, {"text": BAD}))
        quiet(one)
        assert told(one) == [], "nothing was altered but what the client itself changed"
        one.notify("textDocument/didClose", {"textDocument": {"uri": config}})
        refreshed(one)
        assert codes(pull(one, uris[0], known[uris[0]])["items"]) == BOTH
        quiet(one)
        assert told(one) == []
        assert one.stop() == 0


def test_a_file_that_is_deleted_has_no_findings_until_it_changes_in_the_editor(tmp_path: Path) -> None:
    path = tmp_path / "a.prompty"
    path.write_text(BAD, encoding="utf-8")
    uri = path_to_uri(str(path))
    with server() as one:
        one.start(**profile("vscode"))
        one.open(uri, BAD)
        first = pull(one, uri)["resultId"]
        path.unlink()
        one.notify("workspace/didChangeWatchedFiles", {"changes": [{"uri": uri, "type": 3}]})
        refreshed(one)
        assert pull(one, uri, first)["items"] == []
        one.send(change(uri, 2, {"text": BAD + "\n"}))
        assert codes(pull(one, uri)["items"]) == BOTH
        assert one.stop() == 0


def test_a_second_opinion_reaches_a_client_that_asks() -> None:
    uri = "file:///tmp/second-pulled.prompty"
    with server(code=WITH_DOUBTS) as one:
        one.start(**profile("vscode"))
        # In one write: between two there may be a pause that is long enough for the second opinion.
        opened = {"textDocument": {"uri": uri, "languageId": "prompty", "version": 1, "text": BAD}}
        one.send(notification("textDocument/didOpen", opened), request("first", "textDocument/diagnostic", asked(uri)))
        first = one.answer("first")["result"]
        assert "template-syntax" not in codes(first["items"])
        refreshed(one)
        second = pull(one, uri, first["resultId"])
        assert "template-syntax" in codes(second["items"])
        assert pull(one, uri, second["resultId"])["kind"] == "unchanged"
        quiet(one)
        assert told(one) == [], "once is enough"
        again = request("again", "textDocument/diagnostic", asked(uri, second["resultId"]))
        one.send(change(uri, 2, {"text": BAD + "\n"}), again)
        assert "template-syntax" not in codes(one.answer("again")["result"]["items"])
        refreshed(one)
        assert "template-syntax" in codes(pull(one, uri)["items"])
        assert one.stop() == 0


def test_a_client_that_refuses_to_look_again_is_served_all_the_same(tmp_path: Path) -> None:
    uri, config = path_to_uri(str(tmp_path / "a.prompty")), path_to_uri(str(tmp_path / "promptls.yaml"))
    with server() as one:
        one.start(**profile("vscode"), workspaceFolders=[{"uri": path_to_uri(str(tmp_path)), "name": "x"}])
        one.open(uri, BAD)
        pull(one, uri)
        one.open(config, "rules: {undefined-variable: off}\n")
        question = one.wait(lambda message: message.get("method") == REFRESH)
        one.send({"jsonrpc": "2.0", "id": question["id"], "error": {"code": -32601, "message": "no"}})
        one.notified("window/logMessage", lambda params: "-32601" in params["message"])
        assert codes(pull(one, uri)["items"]) == {"unused-input"}
        assert one.stop() == 0
