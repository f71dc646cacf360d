"""A file of an older version becomes one of the current version by a command, or says why it does not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from promptls.text import Span, Text
from tests.lsp.frames import Server, profile, server
from tests.lsp.test_preview import _state, folder, reply, run

__all__ = ["_state"]

OLD = """---
name: greet
model:
  api: chat
  configuration: {type: openai}
  parameters: {temperature: 0.2}
sample: {name: Ada}
---
user:
Hello {{ name }}
"""


def started(one: Server, tmp_path: Path, text: str, name: str = "greet.prompty", **more: Any) -> str:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    one.start(**{**profile("neovim"), **folder(tmp_path), **more})
    one.open(path.as_uri(), text)
    return path.as_uri()


def applied(text: str, edit: dict[str, Any]) -> str:
    """The text after an edit that the server asked for."""
    source = Text(text)
    (changes,) = edit["changes"].values()

    def offset(place: dict[str, int]) -> int:
        return source.offset(place["line"], place["character"])

    spans = [(Span(offset(one["range"]["start"]), offset(one["range"]["end"])), one["newText"]) for one in changes]
    return source.apply(spans).value


def test_a_v1_file_is_rewritten_by_the_editor(tmp_path: Path) -> None:
    with server() as one:
        uri = started(one, tmp_path, OLD)
        answer = run(one, "promptls.convert", uri=uri)
        assert (answer["uri"], answer["to"]) == (uri, "Prompty v2")
        asked = reply(one, "workspace/applyEdit", {"applied": True})
        assert asked["label"].startswith("Migrate to Prompty v2")
        new = applied(OLD, asked["edit"])
        assert "inputs:" in new
        assert "sample:" not in new
        change = {"textDocument": {"uri": uri, "version": 2}, "contentChanges": [{"text": new}]}
        one.notify("textDocument/didChange", change)
        again = one.request("workspace/executeCommand", {"command": "promptls.convert", "arguments": [{"uri": uri}]})
        assert again["error"]["message"] == "This file is Prompty v2 already."
        assert one.stop() == 0


def test_what_the_new_version_cannot_carry_is_told(tmp_path: Path) -> None:
    with server() as one:
        text = OLD.replace("{type: openai}", '{type: azure_openai, azure_deployment: gpt-4o, api_version: "1"}')
        uri = started(one, tmp_path, text)
        lost = run(one, "promptls.convert", uri=uri)["lost"]
        assert "Line 5: Prompty 2.1.0 chooses the version of Azure's API itself" in lost
        reply(one, "workspace/applyEdit", {"applied": True})
        told = one.notified("window/showMessage")
        assert told["message"].splitlines() == ["Prompty v1 is Prompty v2 now, but look at this:", *lost]
        assert one.stop() == 0


@pytest.mark.parametrize(
    ("name", "text", "because"),
    [
        ("a.prompty", "---\nname: a\nmodel: {id: x, provider: openai}\n---\nuser:\nHi\n", "is Prompty v2 already."),
        ("a.prompty", OLD.replace("name:", "# promptls: format[prompty-v1]\nname:"), "is to be read as Prompty v1"),
        ("a.prompty", OLD.replace("{type: openai}", "{type: openai"), "mend what is found in it first."),
        ("a.prompty", "user:\nHi\n", "nothing in a header that is of an older version."),
        ("a.j2", "{# system: #}\nsystem:\nHi {{ x }}\n", "has no other version to become."),
    ],
)
def test_it_says_why_there_is_nothing_to_do(tmp_path: Path, name: str, text: str, because: str) -> None:
    with server() as one:
        uri = started(one, tmp_path, text, name)
        answer = one.request("workspace/executeCommand", {"command": "promptls.convert", "arguments": [{"uri": uri}]})
        assert because in answer["error"]["message"]
        assert "workspace/applyEdit" not in [message.get("method") for message in one.received]
        assert one.stop() == 0
