"""The demo's Neovim: it opens on a finding and says which keys to try."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from promptls.cli import demo_neovim
from tests.editors.neovim import needs_neovim, neovim, own_home, wait
from tests.editors.test_neovim_run import choose, shown, text, titles

pytestmark = needs_neovim
HOME = Path(demo_neovim.__file__).parent


@pytest.fixture
def editor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    folder = tmp_path / "coffee"
    shutil.copytree(HOME / "demo_workspace", folder)
    monkeypatch.chdir(folder)
    monkeypatch.setenv("PROMPTLS_PYTHON", sys.executable)
    monkeypatch.setenv("PROMPTLS_STATE", str(tmp_path / "state"))
    monkeypatch.setenv("PROMPTLS_DATA", str(tmp_path / "data"))
    own_home(monkeypatch, tmp_path)
    with neovim(HOME / "demo_neovim.lua", "reply.prompty") as editor:
        yield editor


def test_it_opens_on_a_finding_and_says_the_keys(editor: Any) -> None:
    wait(lambda: editor.exec_lua("return #vim.diagnostic.get(0)") == 3, "three findings")
    wait(lambda: list(editor.current.window.cursor) == [30, 3], "the cursor on the second finding")
    assert "Ctrl-Q quit" in editor.options["winbar"]


def test_ctrl_q_quits_in_every_mode(editor: Any) -> None:
    modes = {mode: editor.call("maparg", "<C-q>", mode) for mode in ("n", "i", "v")}
    assert modes == dict.fromkeys(("n", "i", "v"), "<Cmd>qa!<CR>")


def test_its_menu_previews_and_runs_with_echo(editor: Any) -> None:
    """As somebody does who follows the hint bar: `gra`, and a page comes."""
    wait(lambda: titles(editor), "the menu")
    choose(editor, "Preview")
    assert "You answer for Northwind Coffee" in shown(editor, ".preview.md")
    editor.command("edit review.prompty")
    wait(lambda: any(title.startswith("Run · echo") for title in titles(editor)), "the menu of the other example")
    choose(editor, "Run · echo")
    shown(editor, ".run.md")
    wait(lambda: "status: finished" in text(editor), "the run ends")
    assert "The beans came late" in text(editor)
