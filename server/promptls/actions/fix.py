"""Applies the safe fixes of a file to the file itself, whole or not at all."""

from __future__ import annotations

import contextlib
import os
import tempfile
from pathlib import Path

from promptls.actions.discover import workspace_for
from promptls.actions.error import ActionError
from promptls.actions.source import UnreadableError, read_source
from promptls.ide.actions import fix_all
from promptls.text.uris import path_to_uri

_ROUNDS = 5
"""A fix may make the next one possible; more than a few in a row would be a circle."""


def fix_file(path: Path) -> int:
    """How many changes were made. Line ends, byte order mark and the file's mode stay as they are.

    Raises ActionError where the file cannot be written; a file that cannot be read has no fixes.
    """
    uri = path_to_uri(os.path.abspath(path))
    workspace = workspace_for([path])
    try:
        original = text = read_source(path)
    except UnreadableError:
        return 0
    made = 0
    for _ in range(_ROUNDS):
        workspace.open(uri, text)
        snapshot = workspace.snapshot()
        document = snapshot.document(uri)
        edits = fix_all(document, snapshot) if document else ()
        if not edits:
            break
        text = text.apply((edit.span, edit.text) for edit in edits)
        made += len(edits)
    if text != original:
        _replace(path, text.value)
    return made


def _replace(path: Path, text: str) -> None:
    """Write beside the file, then put it in its place: nobody ever sees half of it."""
    target = Path(os.path.realpath(path))
    unfinished = None
    try:
        handle, unfinished = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(text.encode("utf-8"))
        mode = target.stat().st_mode
        Path(unfinished).chmod(mode & 0o7777)
        Path(unfinished).replace(target)
    except OSError as error:
        if unfinished:
            with contextlib.suppress(OSError):
                Path(unfinished).unlink()
        raise ActionError(f"{path} is not changed: {(error.strerror or 'it cannot be written').lower()}") from None
