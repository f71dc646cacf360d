"""Applies the safe fixes of a file to the file itself, whole or not at all."""

from __future__ import annotations

import contextlib
import os
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

from promptls.actions.check import shown_path
from promptls.actions.discover import workspace_for
from promptls.actions.error import ActionError
from promptls.actions.source import UnreadableError, read_source
from promptls.formats import upgrade
from promptls.ide.actions import fix_all
from promptls.text import Text
from promptls.text.uris import path_to_uri
from promptls.workspace.snapshot import Snapshot

_ROUNDS = 5
"""A fix may make the next one possible; more than a few in a row would be a circle."""


@dataclass(frozen=True, slots=True)
class Fixed:
    """What was done to one file. ``changes``: how many; ``migrated``: to which version of its format, if it was one.

    ``kept``: where it was not, because it would not send the same messages any more. ``lost``: the sentences that
    belong to either, with their lines, from 1.
    """

    path: str
    changes: int = 0
    migrated: str = ""
    kept: str = ""
    lost: tuple[tuple[int, str], ...] = ()


def fix_file(path: Path, *, migrate: bool = True) -> Fixed:
    """Makes the safe changes. Line ends, byte order mark and the file's mode stay as they are.

    ``migrate``: also rewrites a file of an older version of its format for the current one, where the messages stay
    the same by it. Raises ActionError where the file cannot be written; a file that cannot be read has no fixes.
    """
    uri = path_to_uri(os.path.abspath(path))
    workspace = workspace_for([path])
    try:
        original = text = read_source(path)
    except UnreadableError:
        return Fixed(shown_path(path))
    made = 0
    found = Fixed(shown_path(path))
    if migrate:
        workspace.open(uri, text)
        found, text = _migrated(found, workspace.snapshot(), uri, text)
        made = found.changes
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
    return replace(found, changes=made)


def _migrated(found: Fixed, snapshot: Snapshot, uri: str, text: Text) -> tuple[Fixed, Text]:
    document = snapshot.document(uri)
    made = upgrade(document, lambda path: snapshot.sibling(uri, path)) if document else None
    if made is None:
        return found, text
    lost = [each for each in made.lost if each.breaks or made.keeps_messages]
    told = tuple((text.place(each.span.start)[0] + 1, each.message) for each in lost)
    if not made.keeps_messages:
        return replace(found, kept=made.to, lost=told), text
    after = text.apply((edit.span, edit.text) for edit in made.edits)
    return replace(found, changes=len(made.edits), migrated=made.to, lost=told), after


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
