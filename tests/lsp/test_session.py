"""Folders, settings, watchers, second opinions: what client and server tell each other besides documents."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from promptls.lsp.settings import Settings, read_settings, section_of
from promptls.text.uris import path_to_uri
from tests.lsp.frames import profile, sent_findings, server
from tests.lsp.test_documents import BAD, change, codes


def answer(identifier: Any, result: Any) -> dict[str, Any]:
    return {"jsonrpc": "2.0", "id": identifier, "result": result}


def test_watchers_are_asked_for_where_the_client_lets_us() -> None:
    with server() as one:
        one.start(**profile("vscode"))
        asked = one.wait(lambda message: message.get("method") == "client/registerCapability")
        options = {entry["method"]: entry["registerOptions"] for entry in asked["params"]["registrations"]}
        globs = {watcher["globPattern"] for watcher in options["workspace/didChangeWatchedFiles"]["watchers"]}
        assert {"**/*.prompty", "**/promptls.yaml", "**/*.sample.yaml", "**/*.sample.json"} <= globs
        assert options["workspace/didChangeConfiguration"] == {"section": "promptls"}
        one.send(answer(asked["id"], None))
        assert one.stop() == 0


@pytest.mark.parametrize("name", ["neovim", "bare"])
def test_watchers_are_not_asked_for_where_it_does_not(name: str) -> None:
    with server() as one:
        one.start(**profile(name))
        assert one.stop() == 0
        assert "client/registerCapability" not in [message.get("method") for message in one.received]


def test_settings_are_pulled_and_complaints_are_shown() -> None:
    with server() as one:
        one.start(**profile("neovim"))
        asked = one.wait(lambda message: message.get("method") == "workspace/configuration")
        assert asked["params"] == {"items": [{"section": "promptls"}]}
        one.send(answer(asked["id"], [{"diagnosticsDelay": "soon", "rules": {}, "colour": "blue"}]))
        shown = [one.notified("window/logMessage", lambda params: "`promptls." in params["message"]) for _ in range(3)]
        complaints = " ".join(message["message"] for message in shown)
        assert all(word in complaints for word in ("diagnosticsDelay", "promptls.yaml", "colour"))
        one.notify("workspace/didChangeConfiguration", {"settings": None})
        asked = one.wait(lambda message: message.get("method") == "workspace/configuration")
        one.send({"jsonrpc": "2.0", "id": asked["id"], "error": {"code": -32601, "message": "secret"}})
        shown = one.notified("window/logMessage", lambda params: "workspace/configuration" in params["message"])
        assert "-32601" in shown["message"]
        assert "secret" not in shown["message"]
        assert one.stop() == 0


def test_without_pulling_the_pushed_settings_count() -> None:
    with server() as one:
        one.start(initializationOptions={"colour": "red"})
        one.notified("window/logMessage", lambda params: "colour" in params["message"])
        one.notify(
            "workspace/didChangeConfiguration", {"settings": {"promptls": {"sound": "loud"}, "others": {"x": 1}}}
        )
        one.notified("window/logMessage", lambda params: "sound" in params["message"])
        assert one.stop() == 0


@pytest.mark.parametrize(
    ("raw", "delay", "complaints"),
    [
        (None, 0.15, 0),
        ([], 0.15, 0),
        ({}, 0.15, 0),
        ({"diagnosticsDelay": 40}, 0.04, 0),
        ({"diagnosticsDelay": 0, "trace": {"server": "verbose"}}, 0.0, 0),
        ({"diagnosticsDelay": True}, 0.15, 1),
        ({"diagnosticsDelay": -1}, 0.15, 1),
        ({"diagnosticsDelay": 1e9}, 0.15, 1),
        ({"templates": {}, "x": 1}, 0.15, 2),
    ],
)
def test_settings_are_read_leniently(raw: Any, delay: float, complaints: int) -> None:
    settings, sentences = read_settings(raw)
    assert settings == Settings(delay)
    assert len(sentences) == complaints


def test_the_section_is_found_in_what_is_pushed() -> None:
    assert section_of({"promptls": {"a": 1}, "b": 2}) == {"a": 1}
    assert section_of({"a": 1}) == {"a": 1}
    assert section_of(None) is None


def test_of_nested_folders_the_longest_has_the_configuration(tmp_path: Path) -> None:
    inner = tmp_path / "inner"
    inner.mkdir()
    (tmp_path / "promptls.yaml").write_text("rules: {unused-input: off, undefined-variable: off}\n", encoding="utf-8")
    outer_uri, inner_uri = path_to_uri(str(tmp_path)), path_to_uri(str(inner))
    outside, inside = path_to_uri(str(tmp_path / "a.prompty")), path_to_uri(str(inner / "a.prompty"))
    with server() as one:
        one.start(
            **sent_findings("vscode"),
            workspaceFolders=[{"uri": outer_uri, "name": "outer"}, {"uri": inner_uri, "name": "inner"}],
        )
        one.open(outside, BAD)
        assert one.findings(outside, 1) == []
        one.open(inside, BAD)
        assert codes(one.findings(inside, 1)) == {"undefined-variable", "unused-input"}
        event = {"added": [], "removed": [{"uri": inner_uri, "name": "inner"}]}
        one.notify("workspace/didChangeWorkspaceFolders", {"event": event})
        assert one.findings(inside, 1) == []
        event = {"added": [{"uri": inner_uri, "name": "inner"}], "removed": []}
        one.notify("workspace/didChangeWorkspaceFolders", {"event": event})
        assert codes(one.findings(inside, 1)) == {"undefined-variable", "unused-input"}
        assert one.stop() == 0


@pytest.mark.parametrize("key", ["rootUri", "rootPath"])
def test_an_older_client_names_one_root(tmp_path: Path, key: str) -> None:
    (tmp_path / "promptls.yaml").write_text("rules: {unused-input: off}\n", encoding="utf-8")
    (tmp_path / "below").mkdir()
    uri = path_to_uri(str(tmp_path / "below" / "a.prompty"))
    with server() as one:
        one.start(**{key: path_to_uri(str(tmp_path)) if key == "rootUri" else str(tmp_path)})
        one.open(uri, BAD)
        assert codes(one.findings(uri, 1)) == {"undefined-variable"}
        assert one.stop() == 0


WITH_DOUBTS = """
import sys
from promptls.lsp import serve
from promptls.rules import template_syntax
from promptls.syntax.problem import Problem
from promptls.text import Span

def doubt(tree, text):
    return (Problem(Span(len(text) - 2, len(text) - 1), "template-syntax", "the engine sees it differently"),)

template_syntax.second_opinion = doubt
sys.exit(serve())
"""


def test_a_second_opinion_follows_when_the_client_is_quiet_and_goes_with_the_next_change() -> None:
    uri = "file:///tmp/second.prompty"
    with server(code=WITH_DOUBTS) as one:
        one.start(**sent_findings("vscode"))
        one.open(uri, BAD)
        assert "template-syntax" not in codes(one.findings(uri, 1))
        assert "template-syntax" in codes(one.findings(uri, 1))
        at = {"start": {"line": 0, "character": 0}, "end": {"line": 99, "character": 0}}
        params = {"textDocument": {"uri": uri}, "range": at, "context": {"diagnostics": [], "only": ["quickfix"]}}
        titles = [action["title"] for action in one.result("textDocument/codeAction", params)]
        assert any("template-syntax" in title for title in titles)
        one.notify("textDocument/didSave", {"textDocument": {"uri": uri}})
        assert one.result("textDocument/documentLink", {"textDocument": {"uri": uri}}) == []
        one.send(change(uri, 2, {"text": BAD + "\n"}))
        assert "template-syntax" not in codes(one.findings(uri, 2))
        assert "template-syntax" in codes(one.findings(uri, 2))
        assert one.stop() == 0
        told = [message["params"] for message in one.received if "diagnostics" in (message.get("params") or {})]
        assert told == [], "a save changes nothing"
