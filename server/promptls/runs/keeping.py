"""Where result documents are kept: `.promptls/` of the workspace's folder, for its owner alone and out of git.

A workspace is not trusted: a `.promptls` that is a link, or a file, is not written through; then the document goes
where promptls keeps its own state.
"""

from __future__ import annotations

import base64
import binascii
import contextlib
import mimetypes
import os
import re
import stat
import tempfile
from pathlib import Path
from typing import Final

from promptls.formats.result.layout import ENDING, FOLDER
from promptls.workspace.places import state_folder

_RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|\Z)", re.IGNORECASE)
_LONGEST_NAME: Final = 60
_LONGEST_ID: Final = 12
_IGNORED: Final = "# Written by promptls: results of runs are no part of the project.\n*\n"
_ENDINGS: Final = {"image/jpeg": ".jpg", "audio/wav": ".wav", "audio/mpeg": ".mp3", "image/webp": ".webp"}


def place_of(workspace_folder: str | None, prompt_name: str, run: str, *, ending: str = ENDING) -> str:
    """The path for the document of a run. Nothing is made or asked there but whether the folder may be used.

    ``workspace_folder``: a path; None where there is none. ``ending``: of another kind of document.
    """
    name = re.sub(r"[^\w.-]+", "-", prompt_name).strip("-._")[:_LONGEST_NAME].strip("-._") or "prompt"
    name = f"_{name}" if _RESERVED.match(name) else name
    own = re.sub(r"[^A-Za-z0-9]", "", run)[-_LONGEST_ID:] or "run"
    return str(_folder(workspace_folder) / f"{name}-{own}{ending}")


def write_result(place: str, text: str) -> str:
    """Write the document, whole or not at all; the path where it is.

    The folder is made, for its owner alone, with a `.gitignore` for all in it. Where it cannot be written, the
    document goes to promptls' own state. Raises OSError with the path where that cannot be written either.
    """
    path = Path(place)
    try:
        return str(_written(path, text.encode("utf-8", "replace")))
    except OSError:
        elsewhere = _folder(None) / path.name
        if elsewhere == path:
            raise
        return str(_written(elsewhere, text.encode("utf-8", "replace")))


def write_media(place: str, files: dict[str, str]) -> None:
    """Write the ``data:`` URLs of ``runs.document.media_files`` beside the document. What is none is left out."""
    for name, url in files.items():
        with contextlib.suppress(binascii.Error, ValueError):
            _written(Path(place).parent / Path(name).name, base64.b64decode(url.partition(";base64,")[2]))


def media_name(place: str, number: int, media_type: str) -> str:
    """The file name of the n-th medium of the document at ``place``."""
    stem = Path(place).name.removesuffix(ENDING)
    return f"{stem}-{number}{_ENDINGS.get(media_type) or mimetypes.guess_extension(media_type) or '.bin'}"


def _folder(workspace_folder: str | None) -> Path:
    if workspace_folder is not None:
        folder = Path(workspace_folder) / FOLDER
        if _is_usable(folder):
            return folder
    return state_folder() / "results"


def _is_usable(folder: Path) -> bool:
    """Whether it is a folder, no link, or can become one."""
    try:
        return stat.S_ISDIR(os.lstat(folder).st_mode) and not _is_junction(folder)
    except FileNotFoundError:
        return folder.parent.is_dir() and os.access(folder.parent, os.W_OK)
    except OSError:
        return False


def _is_junction(folder: Path) -> bool:
    """A Windows junction is a folder to lstat, and leads elsewhere."""
    return os.path.normcase(os.path.realpath(folder.parent)) != os.path.normcase(
        os.path.dirname(os.path.realpath(folder))
    )


def _written(path: Path, content: bytes) -> Path:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if path.parent.is_symlink():
        raise NotADirectoryError(f"{path.parent} is a link and is not written through")
    ignore = path.parent / ".gitignore"
    if path.parent.name == FOLDER and not os.path.lexists(ignore):
        _replace(ignore, _IGNORED.encode())
    _replace(path, content)
    return path


def _replace(path: Path, content: bytes) -> None:
    """By a new file of mode 0600 that takes the old one's place: a link that stands there is not followed."""
    handle, temporary = tempfile.mkstemp(prefix=".", suffix=".part", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        os.replace(temporary, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise
