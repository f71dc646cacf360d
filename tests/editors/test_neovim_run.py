"""A stock Neovim, no plugin: a person previews, runs with echo, watches the words come, stops, reads the findings."""

from __future__ import annotations

import json
import threading
from pathlib import Path
from typing import Any

import pytest

from tests.editors.neovim import card, edit, needs_neovim, wait
from tests.editors.seen import seen
from tests.editors.test_neovim import nvim
from tests.runs.server import ModelServer, model_server

__all__ = ["nvim"]
pytestmark = needs_neovim
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


@pytest.fixture(autouse=True)
def _state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROMPTLS_STATE", str(tmp_path / "state"))
    monkeypatch.setenv("PROMPTLS_USER_CONFIG", str(tmp_path / "user.yaml"))


def opened(nvim: Any, tmp_path: Path, text: str = TEXT) -> Path:
    config = tmp_path / "promptls.yaml"
    if not config.exists():
        config.write_text("rules: {}\n", encoding="utf-8")
    path = edit(nvim, tmp_path / "greet.prompty", text)
    wait(lambda: titles(nvim), "the menu")
    return path


def titles(nvim: Any) -> list[str]:
    """What `vim.lsp.buf.code_action()` would show here."""
    ask = """
        local client = vim.lsp.get_clients({bufnr = 0, name = 'promptls'})[1]
        if not client then return {} end
        local params = vim.lsp.util.make_range_params(0, client.offset_encoding)
        params.context = {diagnostics = {}, triggerKind = 1}
        local answer = client:request_sync('textDocument/codeAction', params, 10000, 0)
        return vim.tbl_map(function(action) return action.title end, answer and answer.result or {})
    """
    return [str(title) for title in nvim.exec_lua(ask)]


def choose(nvim: Any, title: str) -> None:
    wanted = f"vim.startswith(action.title, {title!r})"
    nvim.exec_lua(f"vim.lsp.buf.code_action({{apply = true, filter = function(action) return {wanted} end}})")


def shown(nvim: Any, ending: str) -> str:
    """The text of the buffer in the window, once it is a page of that kind."""
    wait(lambda: nvim.current.buffer.name.endswith(ending), f"a page *{ending} is opened")
    return text(nvim)


def text(nvim: Any) -> str:
    return "\n".join(nvim.current.buffer[:])


@seen("Neovim, plain", "preview", "menu")
def test_a_preview_of_an_unsaved_edit(nvim: Any, tmp_path: Path) -> None:
    opened(nvim, tmp_path)
    nvim.current.buffer[6] = "Be terse."
    choose(nvim, "Preview")
    page = shown(nvim, ".preview.md")
    assert "Be terse." in page
    assert "Hello Ada" in page
    assert Path(nvim.current.buffer.name).parent == tmp_path / ".promptls"


def test_echo_shows_the_messages_and_that_no_model_was_called(nvim: Any, tmp_path: Path) -> None:
    opened(nvim, tmp_path)
    choose(nvim, "Run · ")
    shown(nvim, ".run.md")
    wait(lambda: "status: finished" in text(nvim), "the run ends")
    assert "No model was called" in text(nvim)
    assert "Hello Ada" in text(nvim)


def with_model(tmp_path: Path, server: ModelServer, **more: Any) -> None:
    """A server of the user's own: nobody is asked about it, as about one that a project names."""
    own = {"providers": {"local": {"type": "openai-compatible", "base_url": server.url}}}
    (tmp_path / "user.yaml").write_text(json.dumps(own), encoding="utf-8")
    (tmp_path / "promptls.yaml").write_text(json.dumps({"default": "local/tiny-1", **more}), encoding="utf-8")


@seen("Neovim, plain", "run", "words come as they are made")
@pytest.mark.parametrize("attached", [True, False])
def test_words_grow_in_the_page_while_they_come(nvim: Any, tmp_path: Path, attached: bool) -> None:
    """Also where Neovim takes the page for no file of this server's, as it does without `markdown` in its lines."""
    if not attached:
        nvim.exec_lua("vim.lsp.config('promptls', {filetypes = {'prompty'}})")
    with model_server() as model:
        model.pieces = ["One ", "two ", "three."]
        model.hold = threading.Event()
        with_model(tmp_path, model)
        opened(nvim, tmp_path)
        assert "Run · local/tiny-1" in titles(nvim)
        choose(nvim, "Run · local/tiny-1")
        shown(nvim, ".run.md")
        wait(lambda: "One" in text(nvim), "the first word")
        assert "status: running" in text(nvim)
        assert "three" not in text(nvim)
        model.hold.set()
        wait(lambda: "One two three." in text(nvim) and "status: finished" in text(nvim), "the last word and the end")
        assert model.requests[0][1]["messages"][1]["content"] == "Hello Ada"
    page = Path(nvim.current.buffer.name)
    nvim.command("silent write")
    assert "One two three." in page.read_text(encoding="utf-8")


@seen("Neovim, plain", "stop")
def test_a_run_is_stopped_from_the_prompt_and_from_its_page(nvim: Any, tmp_path: Path) -> None:
    with model_server() as model:
        model.pieces = ["Once ", "never"]
        model.hold = threading.Event()
        with_model(tmp_path, model)
        prompt = opened(nvim, tmp_path)
        for _ in range(2):
            nvim.command(f"buffer {nvim.call('bufnr', str(prompt))}")
            choose(nvim, "Run · local/tiny-1")
            shown(nvim, ".run.md")
            wait(lambda: "Once" in text(nvim), "the first word")
            choose(nvim, "Stop ")
            wait(lambda: "status: cancelled" in text(nvim), "it is stopped")
            assert "never" not in text(nvim)
            assert "ends before its end" in text(nvim)


@seen("Neovim, plain", "findings in the result")
def test_findings_stand_in_the_result(nvim: Any, tmp_path: Path) -> None:
    with model_server() as model:
        model.pieces = ['{"city": 7}']
        with_model(tmp_path, model)
        outputs = "outputs:\n  - {name: city, kind: string, required: true}\n"
        opened(
            nvim,
            tmp_path,
            TEXT.replace("inputs:\n  name: {kind: string, default: Ada}\n", outputs).replace(" {{ name }}", ""),
        )
        choose(nvim, "Run · local/tiny-1")
        shown(nvim, ".run.md")
        wait(lambda: "status: finished" in text(nvim), "it ends")
        # Findings of the page while it grew are shown until those of its end come: theirs are places of another text.
        wait(lambda: '"city": 7' in _lines_found(nvim, "answer-mismatch"), "the finding stands at the wrong value")
        wait(lambda: "Run again with the errors" in titles(nvim), "the menu offers it")
        choose(nvim, "Accept this shape")
        wait(lambda: _declared(nvim), "the prompt declares the shape")


def _lines_found(nvim: Any, code: str) -> str:
    """The lines in which findings of a rule stand."""
    lines = nvim.current.buffer[:]
    found = [one["lnum"] for one in nvim.exec_lua("return vim.diagnostic.get(0)") if one.get("code") == code]
    return "\n".join(lines[number] for number in found if number < len(lines))


def _declared(nvim: Any) -> bool:
    number = nvim.call("bufnr", "greet.prompty")
    return any("integer" in line for line in nvim.buffers[number][:])


def test_what_is_closed_unsaved_is_on_disk(nvim: Any, tmp_path: Path) -> None:
    with model_server() as model:
        model.pieces = ["All of ", "it."]
        with_model(tmp_path, model)
        opened(nvim, tmp_path)
        choose(nvim, "Run · local/tiny-1")
        shown(nvim, ".run.md")
        wait(lambda: "status: finished" in text(nvim), "it ends")
        page = Path(nvim.current.buffer.name)
        nvim.command("bdelete!")
        wait(lambda: "All of it." in page.read_text(encoding="utf-8"), "the server writes it")
        assert "status: finished" in page.read_text(encoding="utf-8")


def test_a_hover_on_a_role_line_shows_the_message(nvim: Any, tmp_path: Path) -> None:
    opened(nvim, tmp_path)
    nvim.current.window.cursor = (8, 1)
    nvim.exec_lua("vim.lsp.buf.hover()")
    assert "Hello Ada" in card(nvim)


@seen("Neovim, plain", "lenses")
def test_lenses_run_too(nvim: Any, tmp_path: Path) -> None:
    opened(nvim, tmp_path)
    nvim.exec_lua("vim.lsp.codelens.refresh({bufnr = 0})")
    lenses = "return vim.tbl_map(function(one) return one.command.title end, vim.lsp.codelens.get(0))"
    found = wait(lambda: nvim.exec_lua(lenses), "lenses")
    assert found[:2] == ["Preview", "Run · echo (no model is named)"]


@pytest.mark.parametrize(("choice", "sent"), [("Send", 1), ("No", 0)])
def test_nothing_is_sent_before_a_person_has_agreed(nvim: Any, tmp_path: Path, choice: str, sent: int) -> None:
    """The question is a menu of Neovim's own."""
    nvim.exec_lua("vim.env.LOCAL_KEY = 'sk-canary-0123456789abcdef'")
    nvim.exec_lua(f"""
        vim.ui.select = function(items, options, done)
          _G.asked = options.prompt
          for number, item in ipairs(items) do
            if (type(item) == 'table' and item.title or item) == '{choice}' then return done(item, number) end
          end
          done(nil)
        end
    """)
    with model_server() as model:
        provider = {"type": "openai-compatible", "base_url": model.url, "api_key": "${env:LOCAL_KEY}"}
        with_model(tmp_path, model, providers={"local": provider})
        opened(nvim, tmp_path)
        choose(nvim, "Run · local/tiny-1")
        question = wait(lambda: nvim.exec_lua("return _G.asked or ''"), "the question")
        assert "LOCAL_KEY" in question
        if sent:
            shown(nvim, ".run.md")
            wait(lambda: "status: finished" in text(nvim), "it ends")
        else:
            wait(lambda: "nothing was sent" in nvim.command_output("messages"), "it says so")
        assert len(model.requests) == sent
