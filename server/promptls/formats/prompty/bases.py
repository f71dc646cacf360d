"""``base:`` of v1: the file that a prompt inherits from (0.1.50 ``Prompty.hoist_base_prompty``)."""

from __future__ import annotations

import posixpath
from typing import NamedTuple

from promptls.formats.prompty.header import Source, from_folder_of, opened, string
from promptls.formats.prompty.inputs import Declared, merged, read_inputs
from promptls.formats.prompty.recognise import V1, version_of

MOST = 10
"""Files in a row; the loader has no limit and dies of a circle."""


class Base(NamedTuple):
    """``source``: the nearest base that could be read; ``below``: all inputs that the bases declare."""

    source: Source | None
    below: Declared

    def declared(self, own: Declared) -> Declared:
        """The file's own inputs, then those of its bases; own sample values win."""
        return Declared(
            merged(own.inputs, self.below.inputs),
            own.names or self.below.names,
            own.complete and self.below.complete,
            {**self.below.filled, **own.filled},
        )


def inherited(source: Source, variant: str) -> Base | None:
    """None where the file names no base, or its loader knows of none (v2 drops the key)."""
    path = _base_path(source)
    if version_of(variant) != V1 or not path:
        return None
    return _read(source, path, variant, frozenset())


def _read(source: Source, path: str, variant: str, seen: frozenset[str]) -> Base:
    unread = Base(None, Declared((), names=False, complete=False))
    at = posixpath.normpath(path.replace("\\", "/"))
    if at in seen or len(seen) >= MOST:
        return unread
    sibling = source.open_sibling(path)
    tree = opened(sibling.text).tree if sibling.text is not None else None
    if sibling.text is None or tree is None:
        return unread
    there = Source(sibling.uri or "", sibling.text, tree, from_folder_of(path, source.open_sibling))
    own = read_inputs(there, variant)
    further = _base_path(there)
    if not further:
        return Base(there, own)
    return Base(there, _read(there, further, variant, seen | {at}).declared(own))


def _base_path(source: Source) -> str:
    root = source.root()
    path = string(source, root.get("base")).strip() if root is not None else ""
    return "" if path.startswith("${") else path
