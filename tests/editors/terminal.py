"""A real terminal (tmux) with a program in it: what a person sees and types."""

from __future__ import annotations

import os
import shlex
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path


class Terminal:
    def __init__(self, tmux: Sequence[str]) -> None:
        self._tmux = tmux

    def screen(self, *, colours: bool = False) -> str:
        """The text on it; with its colours as escape sequences where they are asked for."""
        more = ["-e"] if colours else []
        capture = [*self._tmux, "capture-pane", "-p", *more]
        return subprocess.run(capture, capture_output=True, text=True, check=True).stdout

    def keys(self, *keys: str) -> None:
        """As tmux names them: `Enter`, `Escape`, `C-x`, or text."""
        subprocess.run([*self._tmux, "send-keys", *keys], check=True)

    def wait(self, *texts: str) -> str:
        """The screen, once it shows all of them; AssertionError where it does not."""
        for _ in range(300):
            screen = self.screen()
            if all(text in screen for text in texts):
                return screen
            time.sleep(0.1)
        raise AssertionError(f"the screen never showed {texts}:\n{screen}")


@contextmanager
def terminal(
    command: Sequence[str], folder: Path, environment: Mapping[str, str], *, columns: int = 124, lines: int = 36
) -> Iterator[Terminal]:
    """The program runs in `folder`, and ends with the block."""
    # A server of our own, so that nobody's sessions are touched.
    tmux = ("tmux", "-L", f"promptls-{os.getpid()}-{time.monotonic_ns()}", "-f", os.devnull)
    size = ("-x", str(columns), "-y", str(lines))
    start = [*tmux, "new-session", "-d", *size, shlex.join(command)]
    subprocess.run(start, cwd=folder, env=dict(environment), check=True)
    try:
        yield Terminal(tmux)
    finally:
        subprocess.run([*tmux, "kill-server"], check=False, capture_output=True)
