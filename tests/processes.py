"""Whether a process lives, told as POSIX tells it."""

from __future__ import annotations

import os
from pathlib import Path


def is_alive(pid: int) -> bool:
    """False as well for one that has ended and whose parent has not asked how: in a container maybe nobody does."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:  # it is gone by now, or this system has no such file
        return not Path("/proc/self/stat").exists()
