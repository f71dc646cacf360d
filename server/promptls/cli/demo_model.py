"""The demo's real model: installed when a person says so, then run like any other, by the command that all use."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import click

from promptls.cli.demo_runs import title
from promptls.cli.terminal import Printer
from promptls.providers import embedded


def open_model(printer: Printer, folder: Path, name: str) -> None:
    """Ask and install it where it is not here, and let it answer a file of the folder. Ctrl-C comes back from both."""
    if embedded.installed() is None and not _install(printer):
        return
    target = f"embedded/{embedded.MODEL}"
    title(printer, f"promptls run {name} --model {target}: real words, Ctrl-C stops them")
    printer.stream.flush()
    running = subprocess.Popen([sys.executable, "-P", "-m", "promptls", "run", name, "--model", target], cwd=folder)
    while True:
        try:
            running.wait()
            return
        except KeyboardInterrupt:
            # The run got it too, stops by itself and says so.
            continue


def _install(printer: Printer) -> bool:
    from promptls.cli.model import install

    try:
        return bool(install.main([], prog_name="promptls model install", standalone_mode=False) == 0)
    except click.Abort:
        printer.line()
        return False
