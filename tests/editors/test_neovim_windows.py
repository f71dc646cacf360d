"""Neovim with the plugin: where its pages stand, what is seen of them, and that they leave without a question."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from tests.editors.neovim import edit, needs_neovim, wait
from tests.editors.seen import seen
from tests.editors.test_neovim_plugin import Start, page, start
from tests.editors.test_neovim_run import TEXT, shown, text, with_model
from tests.processes import is_alive
from tests.runs.server import model_server

__all__ = ["start"]
pytestmark = needs_neovim


def lenses(nvim: Any, buffer: int) -> list[str]:
    ask = "return vim.tbl_map(function(one) return one.command.title end, vim.lsp.codelens.get(...))"
    return [str(title) for title in nvim.exec_lua(ask, buffer)]


def seen_lines(nvim: Any) -> list[str]:
    """What stands in the window, of its buffer."""
    first, last = nvim.call("line", "w0"), nvim.call("line", "w$")
    return list(nvim.current.buffer[first - 1 : last])


@contextlib.contextmanager
def held(tmp_path: Path, *pieces: str) -> Iterator[Callable[[], None]]:
    """A model that says its first piece, and the others when it is let go on."""
    with model_server() as model:
        model.pieces = list(pieces)
        model.hold = threading.Event()
        with_model(tmp_path, model)
        yield model.hold.set


def first_word(nvim: Any, tmp_path: Path) -> Any:
    """Run the prompt, until the first word stands in its page, saved: the buffer of it."""
    edit(nvim, tmp_path / "greet.prompty", TEXT)
    nvim.command("PromptRun")
    shown(nvim, ".run.md")
    wait(lambda: "One" in text(nvim), "the first word")
    wait(lambda: not nvim.current.buffer.options["modified"], "it is saved")
    return nvim.current.buffer


@seen("Neovim, plugin", "lenses", "run", "words come as they are made")
def test_an_answer_is_in_sight_below_the_preview_and_leaves_nothing_to_save(start: Start, tmp_path: Path) -> None:
    nvim = start()
    nvim.ui_attach(80, 24, rgb=True)
    with held(tmp_path, "One ", "two ", "three.") as let_go:
        edit(nvim, tmp_path / "greet.prompty", TEXT)
        prompt, window = nvim.current.buffer.number, nvim.current.window.handle
        nvim.command("PromptPreview")
        wait(lambda: "Hello Ada" in page(nvim), "the preview")
        nvim.command("PromptRun")
        shown(nvim, ".run.md")
        wait(lambda: any("One" in line for line in seen_lines(nvim)), "the first word is in sight")
        assert nvim.call("win_screenpos", 0)[0] > 1, "below the preview"
        wait(lambda: "Stop greet" in lenses(nvim, prompt), "the prompt's own lens stops the run")
        result = nvim.current.buffer
        nvim.command("wincmd p")
        assert nvim.current.window.handle == window, "the way back is to the prompt"
        let_go()
        wait(lambda: "status: finished" in "\n".join(result[:]), "it ends")
        wait(lambda: "Stop greet" not in lenses(nvim, prompt), "nothing is left to stop")
        wait(lambda: "Run again · local/tiny-1" in lenses(nvim, result.number), "also in a page one is not in")
    nvim.command(f"call win_gotoid(bufwinid({result.number}))")
    assert any("One two three." in line for line in seen_lines(nvim))
    wait(lambda: not result.options["modified"], "it is saved")
    assert Path(result.name).read_text(encoding="utf-8") == text(nvim) + "\n"
    assert "Workspace edit" not in nvim.command_output("messages")


def test_what_a_person_writes_into_a_page_is_theirs_to_save(start: Start, tmp_path: Path) -> None:
    nvim = start()
    with held(tmp_path, "One ", "two.") as let_go:
        first_word(nvim, tmp_path)
        nvim.command("%s/^target:.*/target: echo/")
        let_go()
        wait(lambda: "One two." in text(nvim), "the last word")
        assert "target: echo" in text(nvim)
        assert nvim.current.buffer.options["modified"]
        assert "target: echo" not in Path(nvim.current.buffer.name).read_text(encoding="utf-8")


def test_a_preview_is_shown_in_each_tab_page_and_goes_with_its_prompt(start: Start, tmp_path: Path) -> None:
    nvim = start()
    edit(nvim, tmp_path / "greet.prompty", TEXT)
    nvim.command("PromptPreview")
    wait(lambda: "Hello Ada" in page(nvim), "the preview")
    nvim.command("tab split")
    nvim.command("PromptPreview")
    assert len(nvim.current.tabpage.windows) == 2
    nvim.command("edit!")
    wait(lambda: nvim.exec_lua("return #vim.lsp.get_clients({bufnr = 0})"), "the server reads it again")
    nvim.current.buffer[6] = "Be terse."
    wait(lambda: "Be terse." in page(nvim), "the preview goes on")
    nvim.command("edit! other.txt")
    nvim.command("bdelete! greet.prompty")
    wait(lambda: not page(nvim), "the preview goes")


def _greets(nvim: Any, name: str) -> bool:
    return f"Hello {name}" in page(nvim)


def test_the_next_prompt_in_a_window_is_shown_in_the_same_preview(start: Start, tmp_path: Path) -> None:
    nvim = start()
    for name in ("Ada", "Grace"):
        edit(nvim, tmp_path / f"{name}.prompty", TEXT.replace("Ada", name))
        nvim.command("PromptPreview")
        wait(partial(_greets, nvim, name), "its preview")
        assert len(nvim.windows) == 2
    nvim.command(f"vsplit {tmp_path / 'Ada.prompty'}")
    nvim.command("PromptPreview")
    assert len(nvim.windows) == 4, "two prompts side by side have one each"


def test_leaving_while_a_run_goes_on_asks_nothing_and_keeps_what_came(start: Start, tmp_path: Path) -> None:
    nvim = start()
    with held(tmp_path, "One ", "two."):
        result = Path(first_word(nvim, tmp_path).name)
        (server,) = nvim.exec_lua("return vim.api.nvim_get_proc_children(vim.fn.getpid())")
        nvim.command("qall", async_=True)
        wait(lambda: not is_alive(server), "the server ends with the editor")
    assert "One" in result.read_text(encoding="utf-8")
    assert "status: running" not in result.read_text(encoding="utf-8")
