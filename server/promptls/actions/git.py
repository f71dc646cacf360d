"""Files as they are in a commit, read with git and with nothing that a repository's own configuration could start.

No hooks, no file system monitor, no filters or text conversions (``cat-file`` has none), no fetching of what is
missing. Only called when a person asks for a comparison.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from promptls.actions.error import ActionError
from promptls.text import Text
from promptls.workspace.disk import SYNTAX_LIMIT, Disk

SAFE = ("-c", "core.fsmonitor=false", "-c", f"core.hooksPath={os.devnull}", "-c", "protocol.allow=never")
_QUIET = {
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_NO_LAZY_FETCH": "1",
    # For a git that does not know the last one: a repository can allow `ext::`, which starts a program, by itself.
    "GIT_ALLOW_PROTOCOL": "none",
    "LC_ALL": "C",
}
_DEADLINE = 30
_FILES = ("100644", "100755", "100664")


class Commit(Disk):
    """The files of one commit below the folder of its repository, as if they stood there."""

    def __init__(self, root: str, name: str, id: str, blobs: Mapping[str, str]) -> None:
        super().__init__()
        self.root = root
        self.name = name
        self.id = id
        self.blobs = blobs
        """Path below ``root``, with ``/``, to the id of what is in it."""
        self._texts: dict[str, Text | None] = {}
        self._folders = {folder for path in blobs for folder in _parents(path)}

    def text(self, path: str) -> Text | None:
        blob = self.blobs.get(self._below(path))
        if blob is None:
            return None
        if blob not in self._texts:
            content = _git(self.root, "cat-file", "blob", blob)
            self._texts[blob] = _decoded(content)
        return self._texts[blob]

    def exists(self, path: str) -> bool:
        below = self._below(path)
        return below in self.blobs or below in self._folders

    def names(self, folder: str, limit: int = 500) -> tuple[str, ...]:
        below = self._below(folder)
        prefix = f"{below}/" if below else ""
        inside = (path.removeprefix(prefix) for path in self.blobs if path.startswith(prefix))
        found = {head + "/" if rest else head for head, _, rest in (path.partition("/") for path in inside)}
        return tuple(sorted(name for name in found if not name.startswith(".")))[:limit]

    def same(self, path: str) -> bool:
        """Whether the file on disk is the one of the commit, whatever the line ends on this system."""
        blob = self.blobs.get(self._below(path))
        try:
            content = Path(path).read_bytes()
        except OSError:
            return blob is None
        return blob is not None and blob in (_id(content, blob), _id(content.replace(b"\r\n", b"\n"), blob))

    def _below(self, path: str) -> str:
        below = os.path.relpath(path, self.root).replace("\\", "/")
        return "" if below == "." else below


def commit_of(place: str, ref: str) -> Commit:
    """The commit that ``ref`` names in the repository of a file or folder. Raises ActionError."""
    root = _root_of(place)
    if ref.startswith("-") or "\0" in ref:
        raise ActionError(f"`{ref}` is no name of a commit", usage=True)
    found = _git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", ref + "^{commit}", check=False)
    id = found.decode("ascii", "replace").strip().splitlines()[-1:] if found else []
    if not id:
        hint = ": this repository has no commit yet" if ref == "HEAD" else ""
        raise ActionError(f"git knows no commit `{ref}`{hint}", usage=True)
    blobs = {}
    for entry in _git(root, "ls-tree", "-r", "-z", "--full-tree", id[0]).split(b"\0"):
        about, tab, path = entry.partition(b"\t")
        mode, _, blob = about.decode("ascii", "replace").partition(" blob ")
        if tab and mode in _FILES:
            blobs[os.fsdecode(path)] = blob
    return Commit(root, ref, id[0], blobs)


def _root_of(place: str) -> str:
    path = os.path.abspath(place)
    for folder in (Path(path), *Path(path).parents):
        if (folder / ".git").exists():
            return str(folder)
    raise ActionError(f"{place} is in no git repository, so there is nothing to compare it with", usage=True)


def _git(root: str, *arguments: str, check: bool = True) -> bytes:
    git = shutil.which("git")
    if git is None or not os.path.isabs(git):
        raise ActionError("git is not installed: it is what reads earlier versions")
    try:
        done = subprocess.run(
            [git, *SAFE, *arguments],
            cwd=root,
            env={**os.environ, **_QUIET},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_DEADLINE,
        )
    except subprocess.TimeoutExpired:
        raise ActionError(f"git did not answer in {_DEADLINE} seconds") from None
    except OSError as error:
        raise ActionError(f"git could not be started: {error.strerror}") from None
    if done.returncode and check:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise ActionError(f"git {arguments[0]} failed{': ' + said[-1] if said else ''}")
    return b"" if done.returncode else done.stdout


def _decoded(content: bytes) -> Text | None:
    if len(content) > SYNTAX_LIMIT:
        return None
    try:
        return Text(content.decode("utf-8"))
    except UnicodeDecodeError:
        return None


def _id(content: bytes, like: str) -> str:
    """git's id of that content, by the hash of the repository."""
    made = hashlib.sha256() if len(like) == 64 else hashlib.sha1(usedforsecurity=False)
    made.update(b"blob %d\0" % len(content) + content)
    return made.hexdigest()


def _parents(path: str) -> list[str]:
    steps = path.split("/")[:-1]
    return ["/".join(steps[: at + 1]) for at in range(len(steps))] + [""]
