"""The README's lines for a Neovim without a plugin, as pasted: a prompt has findings, and so has a result."""

from __future__ import annotations

import re
from pathlib import Path

from tests.editors.seen import README
from tests.editors.test_neovim import edit, finding
from tests.editors.test_neovim import pytestmark as needs_neovim
from tests.editors.test_neovim_plugin import Start, start

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


def test_its_lines_for_a_plain_neovim(start: Start, tmp_path: Path) -> None:
    section = README.read_text(encoding="utf-8").split("The server alone", 1)[1]
    found = re.search(r"```lua\n(.*?)```", section, re.DOTALL)
    assert found is not None
    nvim = start(found[1], plugin=False)
    edit(nvim, tmp_path / "a.prompty")
    finding(nvim, "undefined-variable")

    page = tmp_path / ".promptls" / "a.run.md"
    page.parent.mkdir()
    page.write_text(RESULT, encoding="utf-8")
    edit(nvim, page, RESULT)
    finding(nvim, "answer-cut")
