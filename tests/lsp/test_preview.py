"""Previews over the wire: as a page for any client, as data for one that shows it by itself."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Any

import pytest

from promptls.text.uris import path_to_uri, uri_to_path
from tests.lsp.frames import Server, profile, request, server
from tests.lsp.test_documents import change

TEXT = """---
name: greet
inputs:
  name: {kind: string, default: Ada}
---
system:
Be kind.
user:
Hello {{ name }}
"""
OWN = {"experimental": {"promptls": {"preview": True}}}


@pytest.fixture(autouse=True)
def _state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROMPTLS_STATE", str(tmp_path / "state"))
    monkeypatch.setenv("PROMPTLS_USER_CONFIG", str(tmp_path / "user.yaml"))


def folder(path: Path) -> dict[str, Any]:
    return {"workspaceFolders": [{"uri": path_to_uri(str(path)), "name": "w"}]}


def reply(one: Server, method: str, result: Any) -> Any:
    """Answer the server's next request of that name."""
    asked = one.wait(lambda message: message.get("method") == method and "id" in message)
    one.send({"jsonrpc": "2.0", "id": asked["id"], "result": result})
    return asked["params"]


def run(one: Server, command: str, **argument: Any) -> Any:
    return one.result("workspace/executeCommand", {"command": command, "arguments": [argument]})


def test_a_page_shows_the_unsaved_buffer(tmp_path: Path) -> None:
    uri = path_to_uri(str(tmp_path / "a.prompty"))
    with server() as one:
        capabilities = one.start(**{**profile("neovim"), **folder(tmp_path)})
        assert "promptls.preview" in capabilities["executeCommandProvider"]["commands"]
        one.open(uri, TEXT)
        one.send(change(uri, 2, {"text": TEXT.replace("kind", "terse")}))
        answer = run(one, "promptls.preview", uri=uri)
        assert "Be terse." in answer["content"]
        assert "Hello Ada" in answer["content"]
        shown = reply(one, "window/showDocument", {"success": True})
        assert (shown["uri"], shown["takeFocus"]) == (answer["uri"], True)
        page = Path(uri_to_path(answer["uri"]) or "")
        assert page.parent == tmp_path / ".promptls"
        assert page.read_text(encoding="utf-8") == answer["content"]
        assert (page.parent / ".gitignore").read_text(encoding="utf-8").endswith("*\n")
        if os.name == "posix":
            assert stat.S_IMODE(page.stat().st_mode) == 0o600
        assert one.stop() == 0


def test_without_documents_to_show_the_path_is_said(tmp_path: Path) -> None:
    uri = path_to_uri(str(tmp_path / "a.prompty"))
    with server() as one:
        one.start(**folder(tmp_path))
        one.open(uri, TEXT)
        answer = run(one, "promptls.preview", uri=uri)
        told = one.notified("window/showMessage")
        assert str(uri_to_path(answer["uri"])) in told["message"]
        assert one.stop() == 0


def test_an_open_page_is_renewed_by_an_edit_when_the_prompt_is_saved(tmp_path: Path) -> None:
    uri = path_to_uri(str(tmp_path / "a.prompty"))
    with server() as one:
        one.start(**{**profile("vscode"), **folder(tmp_path)})
        one.open(uri, TEXT)
        answer = run(one, "promptls.preview", uri=uri)
        reply(one, "window/showDocument", {"success": True})
        one.open(answer["uri"], answer["content"])
        one.send(change(uri, 2, {"text": TEXT.replace("kind", "terse")}))
        one.notify("textDocument/didSave", {"textDocument": {"uri": uri}})
        edit = reply(one, "workspace/applyEdit", {"applied": True})["edit"]
        (changed,) = edit["documentChanges"]
        assert changed["textDocument"] == {"uri": answer["uri"], "version": 1}
        assert [each["newText"] for each in changed["edits"]] != []
        one.send(change(answer["uri"], 2, {"text": answer["content"].replace("kind", "terse")}))
        assert one.stop() == 0


def test_a_client_with_its_own_preview_watches_it() -> None:
    uri = "untitled:greet.prompty"
    with server() as one:
        one.start(OWN)
        one.open(uri, TEXT)
        asked = {"textDocument": {"uri": uri}, "format": "html", "watch": True}
        answer = one.result("promptls/preview", asked)
        assert [message["role"] for message in answer["messages"]] == ["system", "user"]
        assert answer["version"] == 1
        assert "<" in answer["content"]
        one.send(change(uri, 2, {"text": TEXT.replace("kind", "terse")}))
        newer = one.notified("promptls/previewChanged", lambda params: params["version"] == 2)
        assert newer["textDocument"] == {"uri": uri}
        assert newer["messages"][0]["content"][0]["text"].strip() == "Be terse."
        one.send(change(uri, 3, {"text": TEXT.replace("{{ name }}", "{{ name")}))
        broken = one.notified("promptls/previewChanged", lambda params: params["version"] == 3)
        assert broken["stale"]
        assert broken["problems"]
        assert one.result("promptls/preview", {"textDocument": {"uri": uri}, "watch": False}) is None
        one.send(change(uri, 4, {"text": TEXT}))
        assert run(one, "promptls.preview", uri=uri)["content"]
        assert one.stop() == 0
        methods = {message.get("method") for message in one.received}
        assert not methods & {"promptls/previewChanged", "window/showDocument", "window/showMessage"}


def test_after_another_sample_was_chosen_nothing_is_told_of_the_one_before() -> None:
    uri = "untitled:city.prompty"
    text = "---\nname: city\ninputs:\n  city: {kind: string}\n---\nuser:\nSee {{ city }}\n"
    with server() as one:
        one.start(OWN)
        one.open(uri, text)
        asked = {"textDocument": {"uri": uri}, "watch": True}
        one.result("promptls/preview", {**asked, "inputs": {"city": "Rome"}})
        one.send(change(uri, 2, {"text": text.replace("See", "Visit")}))
        assert "Visit Oslo" in one.result("promptls/preview", {**asked, "inputs": {"city": "Oslo"}})["content"]
        told = one.notified("promptls/previewChanged", lambda params: params["version"] == 2)
        assert "Visit Oslo" in told["content"]
        assert one.stop() == 0


def test_inputs_have_their_own_names() -> None:
    uri = "untitled:a.prompty"
    text = TEXT.replace("name: {kind", "user_name: {kind").replace("{{ name }}", "{{ user_name }}")
    with server() as one:
        one.start(OWN)
        one.open(uri, text)
        answer = one.result("promptls/preview", {"textDocument": {"uri": uri}, "inputs": {"user_name": "Grace"}})
        assert "Hello Grace" in answer["content"]
        assert one.stop() == 0


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ([], "`uri`"),
        ([{}], "`uri`"),
        (["file:///x"], "one object"),
        ([{"uri": "file:///nothing.txt"}], "no prompt file"),
    ],
)
def test_what_cannot_be_previewed_is_refused_in_a_sentence(arguments: Any, sentence: str) -> None:
    with server() as one:
        one.start()
        answer = one.request("workspace/executeCommand", {"command": "promptls.preview", "arguments": arguments})
        assert sentence in answer["error"]["message"]
        answer = one.request("workspace/executeCommand", {"command": "promptls.nothing", "arguments": arguments})
        assert "no command" in answer["error"]["message"]
        assert one.stop() == 0


def test_a_preview_that_takes_its_time_delays_no_completion() -> None:
    uri = "untitled:a.prompty"
    bomb = "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}\n"
    with server() as one:
        one.start(OWN)
        one.open(uri, TEXT + bomb)
        position = {"line": 8, "character": 10}
        one.send(request("slow", "promptls/preview", {"textDocument": {"uri": uri}}))
        for _ in range(5):
            assert one.result("textDocument/completion", {"textDocument": {"uri": uri}, "position": position})["items"]
        assert not [message for message in one.received if message.get("id") == "slow"]
        late = one.answer("slow")["result"]
        assert "seconds" in str(late["problems"])
        assert one.stop() == 0


def test_the_request_of_a_run_is_shown_where_it_is_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-of-a-test")
    uri = path_to_uri(str(tmp_path / "a.prompty"))
    with server() as one:
        one.start(**{**profile("neovim"), "capabilities": OWN, **folder(tmp_path)})
        one.open(uri, TEXT.replace("name: greet\n", "name: greet\nmodel: {id: gpt-4o, provider: openai}\n"))
        asked = {"textDocument": {"uri": uri}, "format": "html"}
        plain = one.result("promptls/preview", asked)
        assert plain["wire"] is None
        shown = one.result("promptls/preview", {**asked, "request": True})
        assert "https://api.openai.com/" in shown["wire"]
        assert "$OPENAI_API_KEY" in shown["content"]
        assert "sk-of-a-test" not in str(shown)
        assert one.stop() == 0
