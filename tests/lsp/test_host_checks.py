"""Findings that an editor makes by itself for its own kinds of files: shown once there, and always elsewhere."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from promptls.text.uris import path_to_uri
from tests.lsp.frames import Server, profile, sent_findings, server
from tests.lsp.test_documents import change
from tests.lsp.test_pull import pull, refreshed

URI = "file:///w/review.prompt.md"
TEXT = "---\nmode: ask\n---\n# Review\n[the rules](rules: of.md)\n"
BROKEN = "---\ndescription: Review: a first look\nmode: ask\n---\nReview\n"
SLIP = "---\ndescripton: Looks for mistakes\n---\n# Review\n"


def inside(host: str, client: Any) -> Any:
    """The client as a part of an application that says its name."""
    client["capabilities"]["experimental"] = {"promptls": {"host": {"name": host, "version": "1.139.1"}}}
    return client


def choose(one: Server, value: Any) -> None:
    one.notify("workspace/didChangeConfiguration", {"settings": {"promptls": {"hostChecks": value}}})


def opened(one: Server, text: str = TEXT, language: str = "prompt") -> None:
    document = {"uri": URI, "languageId": language, "version": 1, "text": text}
    one.notify("textDocument/didOpen", {"textDocument": document})


def codes(found: list[Any]) -> list[str]:
    return [one["code"] for one in found]


def plain(host: str = "") -> Any:
    return inside(host, profile("bare")) if host else profile("bare")


@pytest.mark.parametrize(("host", "found"), [("vscode", []), ("", ["deprecated-key"]), ("emacs", ["deprecated-key"])])
def test_an_old_key_is_told_by_the_host_or_by_us(host: str, found: list[str]) -> None:
    with server() as one:
        one.start(**plain(host))
        opened(one)
        assert codes(one.findings(URI, 1)) == found
        assert one.stop() == 0


def test_what_the_host_does_not_check_is_told_there_too() -> None:
    with server() as one:
        one.start(**plain("vscode"))
        opened(one, BROKEN)
        assert codes(one.findings(URI, 1)) == ["yaml-syntax"]
        one.send(change(URI, 2, {"text": "---\ntools: [a, b\nname: x\nname: y\n---\nReview\n"}))
        assert codes(one.findings(URI, 2)) == []
        other = "file:///w/review.prompty"
        one.open(other, SLIP)
        assert "unknown-key" in codes(one.findings(other, 1))
        assert one.stop() == 0


def test_a_slip_that_the_host_only_greys_out_is_told_there_too() -> None:
    """VS Code 1.139.1 marks a key that it does not know as unnecessary: no line under it, nothing in its list."""
    with server() as one:
        one.start(**plain("vscode"))
        opened(one, SLIP)
        assert codes(one.findings(URI, 1)) == ["unknown-key"]
        assert one.stop() == 0


def test_a_host_that_takes_the_file_for_something_else_does_not_check_it() -> None:
    with server() as one:
        one.start(**plain("vscode"))
        opened(one, language="markdown")
        assert codes(one.findings(URI, 1)) == ["deprecated-key"]
        assert one.stop() == 0


def test_the_setting_is_followed_while_a_file_is_open() -> None:
    with server() as one:
        one.start(initializationOptions={"hostChecks": "all"}, **plain("vscode"))
        opened(one)
        assert codes(one.findings(URI, 1)) == ["deprecated-key"]
        choose(one, "skip")
        assert codes(one.findings(URI, 1)) == []
        choose(one, "all")
        assert codes(one.findings(URI, 1)) == ["deprecated-key"]
        choose(one, "some")
        shown = one.notified("window/logMessage", lambda params: "hostChecks" in params["message"])
        assert "`promptls.hostChecks` must be `skip` or `all`." in shown["message"]
        assert codes(one.findings(URI, 1)) == []
        assert one.stop() == 0


def test_a_client_that_asks_is_told_to_ask_again() -> None:
    client = inside("vscode", profile("vscode"))
    client["capabilities"]["workspace"]["configuration"] = False
    with server() as one:
        one.start(**client)
        opened(one)
        assert pull(one, URI)["items"] == []
        choose(one, "all")
        refreshed(one)
        assert codes(pull(one, URI)["items"]) == ["deprecated-key"]
        assert one.stop() == 0


def test_the_fix_is_offered_for_what_the_host_shows() -> None:
    with server() as one:
        one.start(**inside("vscode", sent_findings("vscode")))
        opened(one)
        assert codes(one.findings(URI, 1)) == []
        place = {"line": 1, "character": 2}
        context = {"diagnostics": [], "triggerKind": 1, "only": ["quickfix"]}
        params = {"textDocument": {"uri": URI}, "range": {"start": place, "end": place}, "context": context}
        assert "Change to `agent`" in [one["title"] for one in one.result("textDocument/codeAction", params)]
        assert one.stop() == 0


@pytest.mark.parametrize(("host", "offered"), [("vscode", []), ("", ["rules.md"])])
def test_files_that_a_text_names_are_offered_by_the_host_or_by_us(
    host: str, offered: list[str], tmp_path: Path
) -> None:
    (tmp_path / "rules.md").write_text("Short names.\n", encoding="utf-8")
    uri = path_to_uri(tmp_path / "review.prompt.md")
    with server() as one:
        one.start(**plain(host), workspaceFolders=[{"uri": path_to_uri(tmp_path), "name": "w"}])
        document = {"uri": uri, "languageId": "prompt", "version": 1, "text": "See #file:ru\n"}
        one.notify("textDocument/didOpen", {"textDocument": document})
        place = {"textDocument": {"uri": uri}, "position": {"line": 0, "character": 12}}
        items = one.result("textDocument/completion", place)["items"]
        assert [item["label"] for item in items] == offered
        assert one.stop() == 0
