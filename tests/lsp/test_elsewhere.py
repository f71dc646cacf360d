"""Documents that no path of this machine leads to: buffers that were never saved, files of Windows, of a share."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from promptls.text.uris import uri_to_path
from tests.lsp.frames import Server, sent_findings, server
from tests.lsp.test_preview import TEXT, _state, folder, run
from tests.lsp.test_run import events_of

__all__ = ["_state"]
TELLS: dict[str, Any] = {"experimental": {"promptls": {"preview": True, "runEvents": True}}}
DOTPROMPT = "---\nmodel: googleai/gemini-2.5-flash\ninput:\n  schema:\n    name: string\n---\nHi {{name}}, {{nmae}}\n"


def opened(one: Server, uri: str, language: str, text: str) -> None:
    document = {"uri": uri, "languageId": language, "version": 1, "text": text}
    one.notify("textDocument/didOpen", {"textDocument": document})


def codes(findings: list[Any]) -> set[str]:
    return {finding["code"] for finding in findings}


def completed(one: Server, uri: str, line: int, character: int) -> set[str]:
    params = {"textDocument": {"uri": uri}, "position": {"line": line, "character": character}}
    answer = one.result("textDocument/completion", params)
    return {item["label"] for item in (answer["items"] if isinstance(answer, dict) else answer)}


@pytest.mark.parametrize(
    ("language", "text", "line"),
    [("prompty", TEXT.replace("{{ name }}", "{{ nmae }} {{ name }}"), 8), ("dotprompt", DOTPROMPT, 6)],
)
def test_a_new_buffer_is_what_its_language_says(language: str, text: str, line: int) -> None:
    with server() as one:
        one.start(**sent_findings("vscode"))
        opened(one, "untitled:Untitled-1", language, text)
        assert codes(one.findings("untitled:Untitled-1", 1)) == {"undefined-variable"}
        at = text.split("\n")[line].index("name") + 2
        assert "name" in completed(one, "untitled:Untitled-1", line, at)
        assert one.stop() == 0


@pytest.mark.parametrize("language", ["plaintext", "markdown", "jinja", "yaml", ""])
def test_a_new_buffer_of_another_language_is_left_alone(language: str) -> None:
    with server() as one:
        one.start(**sent_findings("vscode"))
        opened(one, "untitled:Untitled-1", language, TEXT.replace("{{ name }}", "{{ nmae"))
        assert one.findings("untitled:Untitled-1", 1) == []
        assert one.stop() == 0


def test_another_language_for_a_new_buffer_is_another_reading() -> None:
    uri = "untitled:Untitled-1"
    with server() as one:
        one.start(**sent_findings("vscode"))
        text = TEXT.replace("{{ name }}", "{{ nmae }} {{ name }}")
        opened(one, uri, "plaintext", text)
        assert one.findings(uri, 1) == []
        one.notify("textDocument/didClose", {"textDocument": {"uri": uri}})
        opened(one, uri, "prompty", text)
        one.findings(uri, None)
        assert codes(one.findings(uri, 1)) == {"undefined-variable"}
        assert one.stop() == 0


PLACES = [
    "untitled:Untitled-1",
    "file:///c%3A/Users/Ada/my%20prompts/gr%C3%BC%C3%9Fe.prompty",
    "file:///C:/Users/Ada/greet.prompty",
    "file://server/share/gr%C3%BC%C3%9Fe.prompty",
    "vscode-vfs://github/someone/prompts/greet.prompty",
]


@pytest.mark.parametrize("uri", PLACES)
def test_it_is_previewed_and_run_and_its_result_is_in_the_users_own_folder(
    uri: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with server() as one:
        client = sent_findings("vscode")
        client["capabilities"] = {**client["capabilities"], **TELLS}
        one.start(**{**client, **folder(tmp_path)})
        opened(one, uri, "prompty", TEXT)
        params = {"textDocument": {"uri": uri}, "format": "markdown"}
        assert "Hello Ada" in one.result("promptls/preview", params)["content"]
        lenses = one.result("textDocument/codeLens", {"textDocument": {"uri": uri}})
        assert any(lens["command"]["title"].startswith("Run · echo") for lens in lenses)
        answer = run(one, "promptls.run", uri=uri)
        page = events_of(one, answer["run"])[-1]["page"]
        result = Path(uri_to_path(page) or "")
        assert result.is_relative_to(tmp_path / "state")
        one.notified("promptls/runEvent", lambda params: params["kind"] == "written")
        text = result.read_text(encoding="utf-8")
        assert "Hello Ada" in text
        opened(one, page, "markdown", text)
        assert [each for each in one.findings(page, 1) if each["code"] == "missing-file"] == []
        assert one.stop() == 0
    assert b"Traceback" not in one.errors
    assert [path.name for path in tmp_path.iterdir()] == ["state"]
