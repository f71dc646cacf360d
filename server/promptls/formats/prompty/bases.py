"""``base:`` of v1: the file that a prompt inherits from (0.1.50 ``Prompty.hoist_base_prompty``)."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from promptls.formats.base import OpenSibling
from promptls.formats.prompty.header import opened
from promptls.formats.prompty.inputs import Declared, merged, read_inputs
from promptls.formats.prompty.recognise import V1, version_of
from promptls.formats.source import Source, from_folder_of, string
from promptls.prompt.model import Document, Prompt
from promptls.text.uris import path_in

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
    if version_of(variant) != V1 or not _base_path(source):
        return None
    chain = list(_chain(source))
    below = Declared((), complete=bool(chain) and not _base_path(chain[-1]))
    for there in reversed(chain):
        below = Base(there, below).declared(read_inputs(there, variant))
    return Base(chain[0] if chain else None, below)


def templates(document: Document, prompt: Prompt, open_sibling: OpenSibling) -> Mapping[str, str]:
    """What a template may include or extend, by name: itself and its bases (0.1.50 ``Jinja2Renderer``)."""
    if document.yaml is None or document.body is None or version_of(prompt.variant) != V1:
        return {}
    source = Source(document.uri, document.text.value, document.yaml, open_sibling)
    name = posixpath.basename(path_in(document.uri))
    found = {name: document.body.slice(document.text.value)}
    here = source
    for there in _chain(source):
        path = _base_path(here).replace("\\", "/")
        found.setdefault(posixpath.basename(path), opened(there.text).front.body.slice(there.text))
        here = there
    return found


def _chain(source: Source) -> Iterator[Source]:
    """The bases, the nearest first, as far as they can be read; a circle ends where it closes."""
    seen: set[str] = set()
    while path := _base_path(source):
        sibling = source.open_sibling(path)
        tree = opened(sibling.text).tree if sibling.text is not None else None
        place = sibling.uri or path
        if sibling.text is None or tree is None or place in seen or len(seen) >= MOST:
            return
        seen.add(place)
        source = Source(sibling.uri or "", sibling.text, tree, from_folder_of(path, source.open_sibling))
        yield source


def _base_path(source: Source) -> str:
    root = source.root()
    path = string(source, root.get("base")).strip() if root is not None else ""
    return "" if path.startswith("${") else path
