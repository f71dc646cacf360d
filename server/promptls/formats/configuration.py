"""``promptls.yaml``: a file with keys to check and complete, and no prompt in it."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from itertools import islice
from typing import TypeGuard

from promptls.formats.base import Format, Language, OpenSibling
from promptls.formats.source import Source, as_mapping, bare, real
from promptls.prompt.model import Document, Recognised, Reference
from promptls.syntax.yaml import parse_yaml
from promptls.syntax.yaml_tree import Node, Scalar, Sequence
from promptls.text import Span, Text

KEY = "configuration"
TITLE = "promptls configuration"
NAME = "promptls.yaml"


def recognise(name: str, text: str, as_format: str | None = None) -> Recognised | None:
    if as_format != KEY and posixpath.basename(name.replace("\\", "/")) != NAME:
        return None
    return Recognised(KEY, TITLE, "its name")


def read(uri: str, text: Text, recognised: Recognised, open_sibling: OpenSibling) -> Document:
    tree = parse_yaml(text.value)
    whole = Span(0, len(text))
    source = Source(uri, text.value, tree, open_sibling)
    found = tuple(_reference(scalar, open_sibling) for scalar in islice(_paths(source), MOST))
    return Document(
        uri, text, recognised, header=whole, yaml=tree, schema="promptls", references=found, problems=tree.problems
    )


MOST = 200
"""Paths that are looked at, of one file."""
_A_FILE = (".json", ".yaml", ".yml")


def _paths(source: Source) -> Iterator[Scalar]:
    """The files and folders that the configuration names. Of ``schemas``, a bare word is a name of the application."""
    root = source.root()
    templates = as_mapping(source, root.get("templates")) if root is not None else None
    if root is None:
        return
    if templates is not None:
        yield from _items(source, templates.get("roots"))
        schemas = _items(source, templates.get("schemas"))
        yield from (one for one in schemas if "/" in one.text or one.text.endswith(_A_FILE))
    inputs = as_mapping(source, root.get("inputs"))
    values = (real(source, entry.value) for entry in (inputs.entries if inputs is not None else ()))
    yield from (value for value in values if _is_path(value))


def _items(source: Source, node: Node | None) -> Iterator[Scalar]:
    found = real(source, node)
    for item in found.items if isinstance(found, Sequence) else ():
        value = real(source, item)
        if _is_path(value):
            yield value


def _is_path(node: Node | None) -> TypeGuard[Scalar]:
    return isinstance(node, Scalar) and isinstance(node.value, str) and bool(node.text)


def _reference(scalar: Scalar, open_sibling: OpenSibling) -> Reference:
    there = open_sibling(scalar.text)
    # A folder is nothing that an editor could open.
    uri = there.uri if there.text is not None else None
    return Reference("file", scalar.text, bare(scalar), uri=uri, exists=there.exists, needed=False)


FORMAT = Format((KEY,), TITLE, (Language("yaml", NAME, (NAME,), builtin=True),), recognise, read)
