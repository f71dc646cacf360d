"""Files that `formats:` names are asked for, in clients that can be asked later, and let go when it names others."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.lsp.frames import Server, server
from tests.lsp.test_preview import folder

LATER: dict[str, Any] = {
    "textDocument": {
        "synchronization": {"dynamicRegistration": True},
        "hover": {"dynamicRegistration": True},
        "completion": {"dynamicRegistration": True},
        "codeAction": {"dynamicRegistration": True, "codeActionLiteralSupport": {"codeActionKind": {"valueSet": []}}},
        "semanticTokens": {"dynamicRegistration": True, "requests": {"full": True}, "tokenTypes": ["variable"]},
    }
}


def asked(one: Server, method: str) -> Any:
    message = one.wait(lambda message: message.get("method") == method)
    one.send({"jsonrpc": "2.0", "id": message["id"], "result": None})
    return message["params"]


def test_named_files_are_asked_for(tmp_path: Path) -> None:
    config = tmp_path / "promptls.yaml"
    config.write_text('formats: {"prompts/**/*.txt": jinja, "*.prompty": prompty-v1, "old/*.txt": "off"}\n', "utf-8")
    with server() as one:
        one.start(LATER, **folder(tmp_path))
        registrations = {each["method"]: each for each in asked(one, "client/registerCapability")["registrations"]}
        assert {
            "textDocument/didOpen",
            "textDocument/didChange",
            "textDocument/didSave",
            "textDocument/didClose",
        } <= set(registrations)
        assert {"textDocument/hover", "textDocument/completion", "textDocument/semanticTokens"} <= set(registrations)
        assert "textDocument/rename" not in registrations  # this client cannot be asked for that later
        selector = [{"scheme": "file", "pattern": "**/prompts/**/*.txt"}]
        assert all(each["registerOptions"]["documentSelector"] == selector for each in registrations.values())
        assert registrations["textDocument/didChange"]["registerOptions"]["syncKind"] == 2
        assert registrations["textDocument/completion"]["registerOptions"]["triggerCharacters"]
        named = (tmp_path / "prompts" / "plain.txt").as_uri()
        one.open(named, "system:\nHi {% if x %}\n")
        assert [finding["code"] for finding in one.findings(named, 1)] == ["template-syntax"]

        config.write_text("rules: {}\n", "utf-8")
        one.notify("workspace/didChangeWatchedFiles", {"changes": [{"uri": config.as_uri(), "type": 2}]})
        gone = asked(one, "client/unregisterCapability")["unregisterations"]
        assert {each["id"] for each in gone} == {each["id"] for each in registrations.values()}
        assert one.stop() == 0


def test_a_client_that_cannot_be_asked_is_not(tmp_path: Path) -> None:
    (tmp_path / "promptls.yaml").write_text('formats: {"*.txt": jinja}\n', "utf-8")
    with server() as one:
        one.start({}, **folder(tmp_path))
        assert one.stop() == 0
        assert [message for message in one.drain() if message.get("method") == "client/registerCapability"] == []
