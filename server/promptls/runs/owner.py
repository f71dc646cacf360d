"""Tells whether the process of a run is still there: it holds a lock on a file for as long as it lives.

A process number says less (it is given again), and a heartbeat is late. The lock goes with the process, however
that ends.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import sys
from pathlib import Path
from typing import IO

_FOLDER = "owners"


class Owner:
    """This process, for one database. ``id``: never given twice."""

    def __init__(self, folder: Path) -> None:
        """``folder``: the database's. Raises OSError where no file can be made there."""
        self.id = f"{os.getpid()}-{secrets.token_hex(4)}"
        self._path = _path(folder, self.id)
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._file: IO[bytes] | None = open(self._path, "wb")  # noqa: SIM115
        if not _lock(self._file):
            raise OSError(f"{self._path} is locked by another process")

    def close(self) -> None:
        file, self._file = self._file, None
        if file is not None:
            file.close()
            with contextlib.suppress(OSError):
                self._path.unlink()


def is_alive(folder: Path, owner: str) -> bool:
    """Whether the process with that id still runs."""
    try:
        with open(_path(folder, owner), "r+b") as file:
            return not _lock(file)
    except FileNotFoundError:
        return False
    except OSError:
        return True


def remove(folder: Path, owner: str) -> None:
    """Take away what a process that is gone has left."""
    with contextlib.suppress(OSError):
        _path(folder, owner).unlink()


def _path(folder: Path, owner: str) -> Path:
    return folder / _FOLDER / f"{owner}.lock"


if sys.platform == "win32":

    def _lock(file: IO[bytes]) -> bool:
        import msvcrt

        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:

    def _lock(file: IO[bytes]) -> bool:
        import fcntl

        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True
