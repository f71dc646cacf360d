"""The files on disk, read only where the workspace allows it; a file that did not change is not read again."""

from __future__ import annotations

import os
from pathlib import Path

from promptls.text import Text

SYNTAX_LIMIT = 5_000_000
"""Characters above which a file is not looked into at all."""
FULL_LIMIT = 1_000_000
"""Characters above which only the syntax is checked."""


class Disk:
    """A cache of decoded files by (modification time, size)."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[tuple[int, int], Text | None]] = {}

    def text(self, path: str) -> Text | None:
        """The text of a regular UTF-8 file up to `SYNTAX_LIMIT` bytes; None for anything else."""
        stamp = self._stamp(path)
        if stamp is None:
            self._known.pop(path, None)
            return None
        known = self._known.get(path)
        if known is not None and known[0] == stamp:
            return known[1]
        text = self._read(path) if stamp[1] <= SYNTAX_LIMIT else None
        self._known[path] = (stamp, text)
        return text

    def exists(self, path: str) -> bool:
        try:
            return Path(path).exists()
        except (OSError, ValueError):
            return False

    def names(self, folder: str, limit: int = 500) -> tuple[str, ...]:
        """The entries of a folder, sorted, folders with a `/` behind; hidden ones are left out."""
        try:
            with os.scandir(folder) as entries:
                found = [
                    entry.name + "/" if entry.is_dir() else entry.name
                    for _, entry in zip(range(limit), entries, strict=False)
                    if not entry.name.startswith(".")
                ]
        except (OSError, ValueError):
            return ()
        return tuple(sorted(found))

    @staticmethod
    def _stamp(path: str) -> tuple[int, int] | None:
        try:
            status = Path(path).stat()
            regular = Path(path).is_file()
        except (OSError, ValueError):
            return None
        return (status.st_mtime_ns, status.st_size) if regular else None

    @staticmethod
    def _read(path: str) -> Text | None:
        try:
            return Text(Path(path).read_bytes().decode("utf-8"))
        except (OSError, UnicodeDecodeError):
            return None


class Memory(Disk):
    """Files that exist in memory only: for tests, and for the Python API."""

    def __init__(self, files: dict[str, str]) -> None:
        super().__init__()
        self._files = files

    def text(self, path: str) -> Text | None:
        return Text(self._files[path]) if path in self._files else None

    def exists(self, path: str) -> bool:
        return path in self._files or any(name.startswith(path.rstrip("/") + "/") for name in self._files)

    def names(self, folder: str, limit: int = 500) -> tuple[str, ...]:
        prefix = folder.rstrip("/") + "/"
        inside = (name.removeprefix(prefix) for name in self._files if name.startswith(prefix))
        found = {head + "/" if rest else head for head, _, rest in (name.partition("/") for name in inside)}
        return tuple(sorted(name for name in found if not name.startswith(".")))[:limit]
