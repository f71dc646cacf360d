"""A real Neovim makes the file that a fix writes into, and takes what the server offers beside findings."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.editors.neovim import card, finding, findings, needs_neovim, wait
from tests.editors.test_neovim import TEXT, edit, nvim

__all__ = ["nvim"]
pytestmark = needs_neovim


def test_a_fix_creates_the_configuration_and_removes_its_finding(nvim: Any, tmp_path: Path) -> None:
    edit(nvim, tmp_path / "a.prompty", TEXT.replace("nmae | upper", "name | to_xml"))
    found = finding(nvim, "unknown-filter")
    nvim.current.window.cursor = (9, found["col"])
    wanted = "vim.startswith(action.title, 'Declare the filter')"
    nvim.exec_lua(f"vim.lsp.buf.code_action({{apply = true, filter = function(action) return {wanted} end}})")
    config = tmp_path / "promptls.yaml"
    wait(lambda: nvim.call("bufnr", str(config)) > 0, "the configuration is a buffer")
    number = nvim.call("bufnr", str(config))
    lines = "vim.api.nvim_buf_get_lines(..., 0, -1, false)"
    wait(lambda: nvim.exec_lua(f"return {lines}", number)[:2] == ["templates:", "  filters: [to_xml]"], "it is written")
    nvim.command("wall")
    assert config.read_text(encoding="utf-8").startswith("templates:\n  filters: [to_xml]\n")
    # Neovim 0.11 watches no files unless it is asked to; the next save is where the server looks.
    nvim.command(f"buffer {nvim.call('bufnr', str(tmp_path / 'a.prompty'))}")
    nvim.command("doautocmd BufWritePost")
    nvim.command("write!")
    wait(lambda: not findings(nvim), "the finding goes")


def test_what_a_filter_takes_is_shown(nvim: Any, tmp_path: Path) -> None:
    edit(nvim, tmp_path / "a.prompty", TEXT.replace("nmae | upper", "name | replace('a', "))
    column = nvim.current.buffer[8].encode().index(b"'a', ") + 5
    nvim.current.window.cursor = (9, column)
    nvim.exec_lua("vim.lsp.buf.signature_help()")
    assert "replace(old, new, count=none)" in card(nvim)


def test_colours_follow_the_text(nvim: Any, tmp_path: Path) -> None:
    """Neovim asks for what changed only, and shows what it made of it."""
    edit(nvim, tmp_path / "a.prompty")
    tokens = "vim.lsp.semantic_tokens.get_at_pos(0, 8, {}) or {{}}"
    column = nvim.current.buffer[8].encode().index(b"nmae")
    kinds = f"return vim.tbl_map(function(one) return one.type end, {tokens.format(column)})"
    wait(lambda: nvim.exec_lua(kinds) == ["variable"], "the name has a colour")
    nvim.current.buffer[8] = nvim.current.buffer[8].replace("nmae", "name")
    wait(lambda: nvim.exec_lua(kinds) == ["parameter"], "the input has another")
