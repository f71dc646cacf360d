"""The workspace as it changes: folders, open buffers, the disk. Each change gives a new snapshot."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from promptls.text import Text
from promptls.text.uris import path_to_uri, uri_key, uri_to_path
from promptls.workspace.config import Config
from promptls.workspace.disk import Disk, Memory
from promptls.workspace.outside import Outside
from promptls.workspace.snapshot import OpenFile, Read, Snapshot


class Workspace:
    """Owned by one edge and used from one thread."""

    def __init__(self, disk: Disk | None = None, *, environment: Iterable[str] | None = None) -> None:
        self._disk = disk or Disk()
        self._environment = None if environment is None else frozenset(environment)
        self._open: dict[str, OpenFile] = {}
        self._folders: tuple[str, ...] = ()
        self._revision = 0
        self._reads: dict[str, Read] = {}
        self._configs: dict[str, Config] = {}
        self._snapshot: Snapshot | None = None
        self._outside: Callable[[], Outside] | None = None

    def use_outside(self, look: Callable[[], Outside]) -> None:
        """From now on runs follow the user's own file, the editor and the policy as well (see `outside_of`)."""
        self._outside = look
        self._changed()

    def set_folders(self, uris: Iterable[str]) -> None:
        """The roots that the editor has open; a place outside of them is not read."""
        paths = (uri_to_path(uri) for uri in uris)
        self._folders = tuple(path.replace("\\", "/").rstrip("/") or "/" for path in paths if path)
        self._changed()

    def open(self, uri: str, text: Text | str, version: int | None = None, language: str = "") -> None:
        """A file is now held by the editor, and its text is this, whatever is on disk."""
        value = text if isinstance(text, Text) else Text(text)
        self._open[uri_key(uri)] = OpenFile(uri, value, version, language)
        self._changed()

    def change(self, uri: str, text: Text | str, version: int | None = None) -> None:
        """A file that is open has a new text; its URI stays as it was spelled when it was opened."""
        known = self._open.get(uri_key(uri))
        self.open(known.uri if known else uri, text, version, known.language if known else "")

    def close(self, uri: str) -> None:
        """A file is no longer held by the editor; what was read of it is let go."""
        self._open.pop(uri_key(uri), None)
        self._reads.pop(uri_key(uri), None)
        self._changed()

    def refresh(self) -> None:
        """Something changed on disk: what is not open is looked at anew."""
        self._changed()

    def is_open(self, uri: str) -> bool:
        return uri_key(uri) in self._open

    def text(self, uri: str) -> Text | None:
        file = self._open.get(uri_key(uri))
        return file.text if file else None

    def version(self, uri: str) -> int | None:
        file = self._open.get(uri_key(uri))
        return file.version if file else None

    def spelling(self, uri: str) -> str:
        """The URI exactly as the client spelled it when it opened the file."""
        file = self._open.get(uri_key(uri))
        return file.uri if file else uri

    def snapshot(self) -> Snapshot:
        """The state now. The same one is given until something changes."""
        if self._snapshot is None:
            self._snapshot = Snapshot(
                self._revision,
                dict(self._open),
                self._folders,
                self._disk,
                environment=self._environment,
                reads=self._reads,
                configs=self._configs,
                outside=self._outside,
            )
        return self._snapshot

    def _changed(self) -> None:
        self._revision += 1
        self._snapshot = None


def snapshot_of(files: Mapping[str, str], environment: Iterable[str] | None = None, root: str = "/work") -> Snapshot:
    """A snapshot of files that exist in memory only, their paths relative to `root` (a folder that need not exist)."""
    workspace = Workspace(Memory({f"{root}/{path}": text for path, text in files.items()}), environment=environment)
    workspace.set_folders([path_to_uri(root)])
    return workspace.snapshot()
