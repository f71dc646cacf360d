"""A real Neovim with the plugin of `clients/neovim`, installed as its help says: by one line.."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from promptls import __version__
from tests.editors.neovim import finding, findings, needs_neovim, neovim, own_home, wait
from tests.editors.seen import seen
from tests.editors.test_neovim import edit
from tests.editors.test_neovim_run import TEXT, shown, text, with_model
from tests.runs.server import model_server

pytestmark = needs_neovim
PLUGIN = Path(__file__).resolve().parents[2] / "clients" / "neovim"
Start = Callable[..., Any]


@pytest.fixture
def start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Start]:
    """`start("one more line of init.lua")` -> the editor, in a fresh home."""
    own_home(monkeypatch, tmp_path)
    monkeypatch.setenv("PATH", os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]))
    monkeypatch.setenv("PROMPTLS_STATE", str(tmp_path / "state"))
    monkeypatch.setenv("PROMPTLS_USER_CONFIG", str(tmp_path / "user.yaml"))
    with contextlib.ExitStack() as editors:

        def start(*lines: str, plugin: bool = True) -> Any:
            init = tmp_path / "init.lua"
            install = [f"vim.opt.rtp:append('{PLUGIN.as_posix()}')"] if plugin else []
            init.write_text("\n".join([*install, *lines]), encoding="utf-8")
            return editors.enter_context(neovim(init))

        yield start


def clients(nvim: Any, buffer: int = 0) -> int:
    return int(nvim.exec_lua(f"return #vim.lsp.get_clients({{bufnr = {buffer}, name = 'promptls'}})"))


def said(nvim: Any) -> str:
    return str(nvim.command_output("messages"))


def page(nvim: Any) -> str:
    """The text of the preview."""
    numbers = nvim.exec_lua(
        "return vim.tbl_filter(function(b) return vim.b[b].promptls_source ~= nil end, vim.api.nvim_list_bufs())"
    )
    return "\n".join(nvim.buffers[numbers[0]][:]) if numbers else ""


def test_a_prompt_file_is_known_by_its_name_and_others_are_left_alone(start: Start, tmp_path: Path) -> None:
    nvim = start()
    edit(nvim, tmp_path / "a.prompty")
    assert nvim.current.buffer.options["filetype"] == "prompty"
    assert finding(nvim, "undefined-variable")["lnum"] == 8
    for name, type_ in (("a.j2", "jinja"), ("B.JINJA2", "jinja"), ("a.prompt", "dotprompt"), ("a.njk", "nunjucks")):
        edit(nvim, tmp_path / name, "Hello {{ name }}")
        assert nvim.current.buffer.options["filetype"] == type_
    (tmp_path / "notes.md").write_text("# Notes\n", encoding="utf-8")
    nvim.command(f"edit {tmp_path / 'notes.md'}")
    nvim.command(f"edit fugitive://{tmp_path}/x.prompty")
    nvim.command(f"buffer {nvim.call('bufnr', str(tmp_path / 'notes.md'))}")
    # One that is opened later is served: of those before it was decided.
    edit(nvim, tmp_path / "last.prompty")
    for buffer in nvim.buffers:
        ours = buffer.name.startswith(str(tmp_path)) and not buffer.name.endswith("notes.md")
        assert clients(nvim, buffer.number) == int(ours), buffer.name


# Knows the programs that have ended, by their last word, once the plugin has heard what they said.
HEARS = """
_G.heard = {}
local system = vim.system
vim.system = function(command, options, done)
  return system(command, options, function(...)
    if done then done(...) end
    vim.schedule(function() _G.heard[command[#command]] = true end)
  end)
end
"""


@pytest.mark.parametrize("name", ["texts/my prompt ä.txt", "texts/noending"])
def test_formats_in_promptls_yaml_makes_a_file_a_prompt(start: Start, tmp_path: Path, name: str) -> None:
    (tmp_path / "texts").mkdir()
    (tmp_path / "promptls.yaml").write_text("formats: {'texts/**': jinja}\n", encoding="utf-8")
    nvim = start(HEARS)
    path = tmp_path / name
    path.write_text("user:\nHello {{ name | uper }}\n", encoding="utf-8")
    nvim.command(f"edit {nvim.call('fnameescape', str(path))}")
    wait(lambda: clients(nvim), "the server is started for it")
    assert finding(nvim, "unknown-filter")["lnum"] == 1
    other = tmp_path / "other.txt"
    other.write_text("Hello", encoding="utf-8")
    nvim.command(f"edit {other}")
    wait(lambda: nvim.exec_lua("return _G.heard[...] or false", str(other)), "promptls says that it is no prompt")
    assert not clients(nvim)


@seen("Neovim, plugin", "findings", "preview", "preview follows typing")
def test_the_preview_follows_typing_and_goes(start: Start, tmp_path: Path) -> None:
    nvim = start()
    edit(nvim, tmp_path / "greet.prompty", TEXT)
    nvim.command("PromptPreview")
    wait(lambda: "Hello Ada" in page(nvim), "the preview")
    assert nvim.current.buffer.name.endswith("greet.prompty"), "the person stays where they were"
    assert len(nvim.windows) == 2
    nvim.input("7GSBe terse.<Esc>")
    wait(lambda: "Be terse." in page(nvim), "what was typed is in the preview")
    assert not (tmp_path / ".promptls").exists(), "nothing is written"
    nvim.command("PromptPreview!")
    assert len(nvim.windows) == 1


@seen("Neovim, plugin", "lenses")
def test_a_lens_opens_the_same_preview(start: Start, tmp_path: Path) -> None:
    nvim = start()
    edit(nvim, tmp_path / "greet.prompty", TEXT)
    lenses = "return vim.tbl_map(function(one) return one.command.title end, vim.lsp.codelens.get(0))"
    found = wait(lambda: nvim.exec_lua(lenses), "lenses by themselves")
    assert found[:2] == ["Preview", "Run · echo (no model is named)"]
    nvim.exec_lua("vim.ui.select = function(items, _, choose) choose(items[1]) end")
    nvim.exec_lua("vim.api.nvim_win_set_cursor(0, {1, 0}); vim.lsp.codelens.run()")
    wait(lambda: "Hello Ada" in page(nvim), "the preview")


@seen("Neovim, plugin", "samples")
def test_a_sample_is_chosen_by_its_number_or_its_name(start: Start, tmp_path: Path) -> None:
    samples = [{"name": name} for name in ("Ada", "Grace", "Edith")]
    (tmp_path / "greet.sample.json").write_text(json.dumps(samples), encoding="utf-8")
    nvim = start()
    edit(nvim, tmp_path / "greet.prompty", TEXT.replace(", default: Ada", ""))
    nvim.command("PromptPreview")
    wait(lambda: "Hello Ada" in page(nvim), "the first sample")
    nvim.command("PromptSample 2")
    wait(lambda: "Hello Grace" in page(nvim), "the second sample")
    nvim.exec_lua("vim.ui.select = function(items, _, choose) choose(items[3], 3) end")
    nvim.command("PromptSample")
    wait(lambda: "Hello Edith" in page(nvim), "the third sample")
    nvim.command("PromptSample 9")
    wait(lambda: "There is no sample 9" in said(nvim), "a sentence")


@seen("Neovim, plugin", "run", "words come as they are made", "stop")
def test_a_run_streams_beside_the_prompt_and_is_stopped(start: Start, tmp_path: Path) -> None:
    nvim = start("vim.o.statusline = \"%{v:lua.require'promptls'.status()}\"")
    with model_server() as model:
        model.pieces = ["Once ", "never"]
        model.hold = threading.Event()
        with_model(tmp_path, model)
        prompt = edit(nvim, tmp_path / "greet.prompty", TEXT)
        assert nvim.exec_lua("return require('promptls').status()") == "promptls"
        nvim.command("PromptRun")
        shown(nvim, ".run.md")
        wait(lambda: "Once" in text(nvim), "the first word")
        assert {window.buffer.name for window in nvim.windows} == {str(prompt), nvim.current.buffer.name}
        status = "return vim.api.nvim_eval_statusline(vim.o.statusline, {}).str"
        wait(lambda: "local/tiny-1" in nvim.exec_lua(status), "the statusline tells of the run")
        nvim.command("PromptStop")
        wait(lambda: "status: cancelled" in text(nvim), "it is stopped")
        wait(lambda: nvim.exec_lua(status) == "promptls", "the statusline is at rest")
        nvim.command("wincmd p")
        nvim.command("PromptStop")
        wait(lambda: "nothing of this prompt is running" in said(nvim), "a sentence")


@seen("Neovim, plugin", "compare")
def test_a_run_with_a_named_target_and_a_comparison(start: Start, tmp_path: Path) -> None:
    nvim = start()
    with model_server() as model:
        model.pieces = ["One ", "two."]
        with_model(tmp_path, model)
        edit(nvim, tmp_path / "greet.prompty", TEXT)
        # The plugin waits two seconds for an answer here; a person types the key again.
        wait(lambda: nvim.call("getcompletion", "PromptRun ", "cmdline") == ["echo"], "the targets of the command")
        nvim.command("PromptRun echo")
        shown(nvim, ".run.md")
        wait(lambda: "No model was called" in text(nvim), "echo")
        nvim.command("wincmd p")
        nvim.command("PromptCompare local/tiny-1 echo")
        wait(lambda: "local/tiny-1" in text(nvim) and "One two." in text(nvim), "the comparison")
        assert len(nvim.windows) == 2, "one window for pages"


@seen("Neovim, plugin", "comes back after a crash")
def test_a_server_that_is_killed_is_started_again_and_the_preview_goes_on(start: Start, tmp_path: Path) -> None:
    nvim = start("require('promptls.server').pause = 10")
    path = tmp_path / "greet.prompty"
    edit(nvim, path, TEXT.replace("{{ name }}", "{{ nmae }}"))
    nvim.command("PromptPreview")
    wait(lambda: page(nvim), "the preview")
    finding(nvim, "undefined-variable")
    for _ in range(3):
        before = _kill(nvim)
        wait(partial(_another, nvim, before), "another server")
        finding(nvim, "undefined-variable")
    nvim.current.buffer[8] = "Hello {{ name }}, welcome"
    wait(lambda: not findings(nvim), "it sees what is typed")
    wait(lambda: "Hello Ada, welcome" in page(nvim), "the preview goes on")
    _kill(nvim)
    wait(lambda: "the server ended 4 times and is left alone now" in said(nvim), "one sentence")
    nvim.command("PromptRun")
    assert "no server is at work in this buffer" in said(nvim)
    nvim.input("GoStill an editor.<Esc>")
    assert nvim.current.buffer[-1] == "Still an editor."
    nvim.command("PromptRestart")
    wait(lambda: _process(nvim), "a server")
    wait(lambda: "Still an editor." in page(nvim), "the preview goes on")


def _another(nvim: Any, before: int | None) -> bool:
    return _process(nvim) not in (None, before)


def _process(nvim: Any) -> int | None:
    """The process of the server of the window's buffer, once it answers."""
    ids = nvim.exec_lua("""
        local client = vim.lsp.get_clients({bufnr = 0, name = 'promptls'})[1]
        if not client or not client.initialized then return {} end
        return vim.tbl_map(function(one) return one.pid end, vim.tbl_map(vim.api.nvim_get_proc,
          vim.api.nvim_get_proc_children(vim.fn.getpid())))
    """)
    return int(ids[-1]) if ids else None


def _kill(nvim: Any) -> int:
    process = _process(nvim)
    assert process is not None
    os.kill(process, signal.SIGKILL)
    return process


def test_a_server_that_is_not_there_costs_one_sentence(start: Start, tmp_path: Path) -> None:
    nvim = start("vim.lsp.config('promptls', { cmd = { '/nowhere/promptls', 'lsp' } })")
    for name in ("a.prompty", "b.prompty"):
        (tmp_path / name).write_text(TEXT, encoding="utf-8")
        nvim.command(f"edit {tmp_path / name}")
    sentence = "/nowhere/promptls cannot be started: install promptls"
    wait(lambda: said(nvim).count(sentence) == 1, "a sentence")
    nvim.command("PromptRun")
    assert said(nvim).count(sentence) == 2, "who asks for a run is told again"
    nvim.command("checkhealth promptls")
    assert sentence in text(nvim)
    assert "promptls-install" in text(nvim)


def test_a_program_whose_python_is_gone_is_told_of_as_such(start: Start, tmp_path: Path) -> None:
    program = tmp_path / "promptls"
    program.write_text("#!/nowhere/bin/python\n", encoding="utf-8")
    program.chmod(0o755)
    nvim = start(f"vim.lsp.config('promptls', {{ cmd = {{ '{program}', 'lsp' }} }})")
    (tmp_path / "a.prompty").write_text(TEXT, encoding="utf-8")
    nvim.command(f"edit {tmp_path / 'a.prompty'}")
    sentence = f"{program} cannot be started: its Python, /nowhere/bin/python, is not there"
    wait(lambda: sentence in said(nvim), "a sentence")
    nvim.command("checkhealth promptls")
    assert "/nowhere/bin/python" in text(nvim)


def test_a_neovim_that_is_too_old_is_told_so(start: Start, tmp_path: Path) -> None:
    old = "vim.fn.has = function(name) return name == 'nvim-0.11' and 0 or vim.call('has', name) end"
    nvim = start(old)
    (tmp_path / "a.prompty").write_text(TEXT, encoding="utf-8")
    nvim.command(f"edit {tmp_path / 'a.prompty'}")
    version = nvim.exec_lua("local v = vim.version(); return ('%d.%d.%d'):format(v.major, v.minor, v.patch)")
    assert said(nvim).strip() == f"promptls needs Neovim 0.11 or newer; this is {version}."
    nvim.command("checkhealth promptls")
    assert "Neovim 0.11 or newer is needed" in text(nvim)


def test_a_program_that_is_no_server_is_left_alone_after_three_more_tries(start: Start, tmp_path: Path) -> None:
    program = tmp_path / "promptls"
    program.write_text("#!/bin/sh\necho no Python here >&2\nexit 3\n", encoding="utf-8")
    program.chmod(0o755)
    cmd = f"vim.lsp.config('promptls', {{ cmd = {{ '{program}', 'lsp' }} }})"
    nvim = start(cmd, "require('promptls.server').pause = 10")
    for name in ("a.prompty", "b.prompty"):
        (tmp_path / name).write_text(TEXT, encoding="utf-8")
        nvim.command(f"silent! edit {tmp_path / name}")
        wait(lambda: "the server ended 4 times and is left alone now" in said(nvim), "one sentence")
    nvim.exec_lua("vim.wait(300)")
    assert said(nvim).count("is left alone now") == 1
    nvim.command("checkhealth promptls")
    assert "no Python here" in text(nvim)


def test_a_server_of_another_version_is_told_of_once(start: Start, tmp_path: Path) -> None:
    nvim = start("require('promptls').version = '9.1.0'")
    edit(nvim, tmp_path / "a.prompty")
    wait(lambda: f"the server is version {__version__} and this plugin is for 9.1.0" in said(nvim), "a sentence")
    finding(nvim, "undefined-variable")


def test_checkhealth(start: Start, tmp_path: Path) -> None:
    nvim = start()
    edit(nvim, tmp_path / "a.prompty")
    nvim.command("checkhealth promptls")
    report = text(nvim)
    assert f"promptls {__version__}" in report
    assert "for 1 buffer" in report
    assert "*.prompty" in report
    assert "ERROR" not in report


def test_help_is_found_and_its_tags_are_fresh(start: Start, tmp_path: Path) -> None:
    nvim = start()
    nvim.command("help :PromptRun")
    assert "PromptRun [target]" in nvim.current.line + "".join(nvim.current.buffer[:])
    copy = tmp_path / "doc"
    copy.mkdir()
    (copy / "promptls.txt").write_bytes((PLUGIN / "doc" / "promptls.txt").read_bytes())
    nvim.command(f"helptags {copy}")
    assert (copy / "tags").read_text() == (PLUGIN / "doc" / "tags").read_text()
    for name in nvim.call("getcompletion", "Prompt", "command"):
        assert f":{name}\t" in (copy / "tags").read_text()
    for tag in re.findall(r"\|([^|\s]+)\|", (copy / "promptls.txt").read_text()):
        nvim.command(f"help {tag}")


def test_it_tells_the_server_no_more_than_it_can(start: Start, tmp_path: Path) -> None:
    nvim = start()
    edit(nvim, tmp_path / "a.prompty")
    declared = nvim.exec_lua("return vim.lsp.get_clients({name = 'promptls'})[1].capabilities.experimental.promptls")
    assert declared == {"preview": True, "runEvents": False, "secrets": False, "host": "neovim"}
    assert nvim.exec_lua("return require('promptls').version") == __version__


def test_colours_of_header_body_roles_and_tags(start: Start, tmp_path: Path) -> None:
    nvim = start("vim.cmd('syntax on')")
    edit(nvim, tmp_path / "a.prompty", TEXT.replace("Be kind.", "# Be *kind*"))

    def group(line: int, column: int) -> list[str]:
        ids = nvim.call("synstack", line, column)
        return [nvim.call("synIDattr", one, "name") for one in ids]

    assert group(1, 1) == ["promptlsHeader", "promptlsFence"] or group(1, 1) == ["promptlsFence"]
    assert "yamlBlockMappingKey" in group(2, 1)
    assert group(6, 1)[-1] == "promptlsRole"
    assert group(7, 3)[0].startswith("markdownH1")
    assert group(9, 10)[-1] == "promptlsName"
    assert json.dumps(group(9, 1)) == "[]"
