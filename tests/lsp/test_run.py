"""Runs over the wire: an id at once, a page that grows by edits, stopping, questions, what a fuller client is told."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from promptls.text.uris import uri_to_path
from tests.lsp.frames import Server, profile, server
from tests.lsp.test_preview import TEXT, _state, folder, reply, run

__all__ = ["_state"]
OWN = {"experimental": {"promptls": {"preview": True, "runEvents": True}}}


def place(tmp_path: Path) -> tuple[Path, str]:
    path = tmp_path / "greet.prompty"
    path.write_text(TEXT, encoding="utf-8")
    return path, path.as_uri()


def page_of(answer: Any) -> Path:
    return Path(uri_to_path(answer["uri"]) or "")


def test_echo_from_an_unsaved_buffer_is_shown_on_a_page(tmp_path: Path) -> None:
    _, uri = place(tmp_path)
    with server() as one:
        one.start(**{**profile("neovim"), **folder(tmp_path)})
        one.open(uri, TEXT.replace("kind", "terse"))
        answer = run(one, "promptls.run", uri=uri)
        assert answer["run"]
        shown = reply(one, "window/showDocument", {"success": True})
        assert shown["uri"] == answer["uri"]
        page = page_of(answer)
        assert page.parent == tmp_path / ".promptls"
        assert page.name.endswith(".run.md")
        # The editor holds the page, and is asked to make it grow.
        one.open(answer["uri"], page.read_text(encoding="utf-8"))
        text = held(one, answer["uri"], page.read_text(encoding="utf-8"), "status: finished")
        assert "Be terse." in text
        assert "no model was called" in text.lower()
        assert one.stop() == 0


def held(one: Server, uri: str, text: str, until: str) -> str:
    """Make the edits that the server asks for, as an editor does, until the text says something."""
    version = 1
    while until not in text:
        asked = one.wait(lambda message: message.get("method") in ("workspace/applyEdit",))
        edit = asked["params"]["edit"]
        edits = (edit.get("changes") or {}).get(uri) or edit["documentChanges"][0]["edits"]
        for each in reversed(edits):
            start, end = (offset(text, each["range"][which]) for which in ("start", "end"))
            text = text[:start] + each["newText"] + text[end:]
        version += 1
        one.send({"jsonrpc": "2.0", "id": asked["id"], "result": {"applied": True}})
        changed = {"textDocument": {"uri": uri, "version": version}, "contentChanges": [{"text": text}]}
        one.notify("textDocument/didChange", changed)
    return text


def offset(text: str, place: Any) -> int:
    lines = text.split("\n")
    return sum(len(line) + 1 for line in lines[: place["line"]]) + int(place["character"])
