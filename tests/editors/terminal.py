"""A real terminal (tmux) with a program in it: what a person sees and types."""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

PATIENCE = 90.0
"""Seconds until a program is given up that does not show what it is to show."""


class Terminal:
    def __init__(self, tmux: Sequence[str]) -> None:
        self._tmux = tmux

    def screen(self, *, colours: bool = False) -> str:
        """The text on it; with its colours as escape sequences where they are asked for."""
        more = ["-e"] if colours else []
        capture = [*self._tmux, "capture-pane", "-p", *more]
        return subprocess.run(capture, capture_output=True, encoding="utf-8", check=True).stdout

    def keys(self, *keys: str) -> None:
        """As tmux names them: `Enter`, `Escape`, `C-x`, or text."""
        subprocess.run([*self._tmux, "send-keys", *keys], check=True)

    def wait(self, *texts: str) -> str:
        """The screen, once it shows all of them; AssertionError where it does not."""
        return self.until(lambda screen: all(text in screen for text in texts), f"it shows {texts}")

    def until(self, fits: Callable[[str], bool], what: str) -> str:
        """The screen, once it fits; AssertionError where it does not."""
        end = time.monotonic() + PATIENCE
        while not fits(screen := self.screen()):
            assert time.monotonic() < end, f"not within {PATIENCE:g} seconds: {what}; the screen is\n{screen}"
            time.sleep(0.05)
        return screen


@contextmanager
def terminal(
    command: Sequence[str], folder: Path, environment: Mapping[str, str], *, columns: int = 124, lines: int = 36
) -> Iterator[Terminal]:
    """The program runs in `folder`, and ends with the block."""
    with tempfile.TemporaryDirectory() as made:
        # A server of our own, so that nobody's sessions are touched; `-u`: it says all characters, whatever the locale.
        tmux = ("tmux", "-u", "-S", str(Path(made, "socket")), "-f", os.devnull)
        size = ("-x", str(columns), "-y", str(lines))
        # As words, not as one line: no shell reads them, whichever is the person's.
        start = [*tmux, "new-session", "-d", *size, *command]
        subprocess.run(start, cwd=folder, env=dict(environment), check=True)
        try:
            yield Terminal(tmux)
        finally:
            subprocess.run([*tmux, "kill-server"], check=False, capture_output=True)
