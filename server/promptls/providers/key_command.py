"""Keys that a program prints: `key_command` of the user's own configuration or of the policy."""

from __future__ import annotations

import contextlib
import os
import shlex
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Final

SECONDS: Final = 5.0
_KEPT: Final = 30 * 60.0
"""Seconds that a key is kept in memory: a token of Google Cloud lives for an hour."""
_LONGEST: Final = 64 << 10

_cache: Final[dict[tuple[str, ...], tuple[float, str]]] = {}
_lock: Final = threading.Lock()


class KeyCommandError(Exception):
    """The program gave no key. The text is a sentence for a person, without anything that the program printed."""


def shown(command: tuple[str, ...]) -> str:
    """The command as a person would type it, cut to one line."""
    line = shlex.join(command)
    return line if len(line) <= 80 else line[:79] + "…"


def key_of(command: tuple[str, ...]) -> str:
    """The first line that the program prints, asked at most twice an hour. Raises KeyCommandError."""
    with _lock:
        known = _cache.get(command)
        if known is not None and time.monotonic() - known[0] < _KEPT:
            return known[1]
        key = _run(command)
        _cache[command] = time.monotonic(), key
        return key


def forget(command: tuple[str, ...]) -> None:
    """Ask the program again the next time: its key was refused."""
    with _lock:
        _cache.pop(command, None)


def _run(command: tuple[str, ...]) -> str:
    name = f"the key command `{shown(command)}`"
    try:
        # Not in the workspace: a program of this name there must not be the one that is started.
        child = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=Path.home() if Path.home().is_dir() else None,
            start_new_session=True,
        )
    except (OSError, ValueError) as error:
        # A folder of the path that one may not read makes EACCES of what is nowhere.
        hidden = isinstance(error, PermissionError) and not os.path.dirname(command[0]) and not shutil.which(command[0])
        reason = "is not installed" if hidden or isinstance(error, FileNotFoundError) else "cannot be started"
        raise KeyCommandError(f"{name}: `{command[0]}` {reason}") from None
    with child:
        try:
            printed, _ = child.communicate(timeout=SECONDS)
        except subprocess.TimeoutExpired:
            _kill(child)
            raise KeyCommandError(f"{name} did not end in {SECONDS:g} seconds; does it ask for something?") from None
    if child.returncode:
        raise KeyCommandError(f"{name} failed with exit code {child.returncode}; run it in a terminal to see why")
    lines = printed[:_LONGEST].decode("utf-8", "replace").strip().splitlines()
    if not lines or not lines[0].strip():
        raise KeyCommandError(f"{name} printed nothing")
    return lines[0].strip()


def _kill(child: subprocess.Popen[bytes]) -> None:
    """The program and what it started: a grandchild would keep the pipe open."""
    with contextlib.suppress(OSError):
        if sys.platform != "win32":
            os.killpg(child.pid, signal.SIGKILL)
    child.kill()
