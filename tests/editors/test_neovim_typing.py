"""Neovim with the plugin: what it leaves to Neovim itself works beside it, for Copilot's Markdown too."""

from __future__ import annotations

from pathlib import Path

from tests.editors.neovim import card, edit, finding, findings, needs_neovim, offered, wait
from tests.editors.seen import seen
from tests.editors.test_neovim_plugin import PLUGIN, Start, start
from tests.editors.test_neovim_run import TEXT, choose, shown, text, titles, with_model
from tests.runs.server import model_server

__all__ = ["start"]
pytestmark = needs_neovim


def autotrigger() -> str:
    """The lines of the help that complete while one types."""
    written = (PLUGIN / "doc" / "promptls.txt").read_text(encoding="utf-8")
    return written.split("While you type: >lua\n", 1)[1].split("\n<", 1)[0]


@seen("Neovim, plugin", "hover", "completion", "fixes", "menu")
def test_a_card_a_menu_while_typing_and_a_fix(start: Start, tmp_path: Path) -> None:
    nvim = start(autotrigger())
    edit(nvim, tmp_path / "greet.prompty", TEXT.replace("{{ name }}", "{{ nmae }}"))
    found = finding(nvim, "undefined-variable")
    nvim.current.window.cursor = (9, found["col"])
    assert {"Change to `name`", "Preview", "Open history"} <= set(titles(nvim))
    choose(nvim, "Change to")
    wait(lambda: nvim.current.buffer[8] == "Hello {{ name }}", "the fix is in the text")
    wait(lambda: not findings(nvim), "the finding goes")

    nvim.exec_lua("vim.lsp.buf.hover()")
    assert "string" in card(nvim)

    nvim.input("Go{{ ")
    wait(lambda: any(word.startswith("name") for word in offered(nvim)), "a menu by itself")
    nvim.input("<Esc>")


@seen("Neovim, plugin", "findings in the result")
def test_what_is_wrong_in_an_answer_is_marked_there(start: Start, tmp_path: Path) -> None:
    nvim = start()
    with model_server() as model:
        model.pieces = ['{"city": 7}']
        with_model(tmp_path, model)
        outputs = "outputs:\n  - {name: city, kind: string, required: true}\nmodel: {id: x}\n"
        edit(nvim, tmp_path / "greet.prompty", TEXT.replace("---\nsystem", f"{outputs}---\nsystem"))
        nvim.command("PromptRun local/tiny-1")
        shown(nvim, ".run.md")
        wait(lambda: "status: finished" in text(nvim), "it ends")
        found = finding(nvim, "answer-mismatch")
        wait(lambda: '"city": 7' in nvim.current.buffer[finding(nvim, "answer-mismatch")["lnum"]], "at its place")
        assert found["source"] == "promptls"


@seen("Neovim, plugin", "preview")
def test_a_file_of_copilots_is_markdown_and_a_prompt(start: Start, tmp_path: Path) -> None:
    nvim = start()
    words = "---\ndescription: Plan\nagnet: agent\n---\nPlan ${input:topic:what it is about}.\n"
    edit(nvim, tmp_path / "plan.prompt.md", words)
    assert nvim.current.buffer.options["filetype"] == "markdown"
    wait(lambda: any(one["lnum"] == 2 for one in findings(nvim)), "a finding in the header")
    nvim.command("PromptPreview")
    pages = "return vim.tbl_filter(function(b) return vim.b[b].promptls_source ~= nil end, vim.api.nvim_list_bufs())"
    wait(lambda: any("Plan " in line for line in nvim.buffers[nvim.exec_lua(pages)[0]][:]), "the preview")
