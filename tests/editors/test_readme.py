"""The README's lines for a Neovim without a plugin, as pasted: a prompt has findings, and so has a result."""

from __future__ import annotations

import re
from pathlib import Path

from promptls import formats
from tests.editors.neovim import finding, needs_neovim
from tests.editors.seen import README
from tests.editors.test_neovim import edit
from tests.editors.test_neovim_plugin import PLUGIN, Start, start

__all__ = ["start"]
pytestmark = needs_neovim
RESULT = """\
---
prompt: ../a.prompty
run:
  id: 20261121-120000-abcdef
  status: finished
  target: echo
  finish: length
---

Half an ans
"""


def lines() -> str:
    section = README.read_text(encoding="utf-8").split("The server alone", 1)[1]
    found = re.search(r"```lua\n(.*?)```", section, re.DOTALL)
    assert found is not None
    return found[1]


def test_its_lines_for_a_plain_neovim(start: Start, tmp_path: Path) -> None:
    nvim = start(lines(), plugin=False)
    edit(nvim, tmp_path / "a.prompty")
    finding(nvim, "undefined-variable")

    page = tmp_path / ".promptls" / "a.run.md"
    page.parent.mkdir()
    page.write_text(RESULT, encoding="utf-8")
    edit(nvim, page, RESULT)
    finding(nvim, "answer-cut")
    assert not nvim.call("exists", ":PromptRun")


def test_its_lines_serve_every_name_of_a_prompt_file_and_no_other(start: Start, tmp_path: Path) -> None:
    nvim = start(lines(), plugin=False)
    served = set(nvim.exec_lua("return vim.lsp.config.promptls.filetypes"))
    names = {pattern: str(tmp_path / pattern.replace("*", "a")) for pattern in (*formats.patterns(), *formats.paths())}
    types = nvim.exec_lua("return vim.tbl_map(function(n) return vim.filetype.match({filename = n}) end, ...)", names)
    assert {name for name, type_ in types.items() if type_ in served} == set(names)
    for other in ("README.md", "a.yaml", "agent.md", "a.txt", "a.html", ".github/agents/of/a.md"):
        assert nvim.exec_lua("return vim.filetype.match({filename = ...})", str(tmp_path / other)) not in served


def test_the_plugin_and_its_help_give_the_same_lines() -> None:
    assert f"```lua\n{lines()}```" in (PLUGIN / "README.md").read_text(encoding="utf-8")
    indented = "".join(f"\t{line}\n" for line in lines().splitlines())
    assert f">lua\n\n{indented}<\n" in (PLUGIN / "doc" / "promptls.txt").read_text(encoding="utf-8")
