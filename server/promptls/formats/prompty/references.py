"""What a Prompty file names outside of itself: variables of the environment, files, images.

Each loader looks in its own places. v1 (0.1.50 ``core.py``): every string of the header, stripped; a default ends
at the next colon. v2 (2.1.0 ``core/loader.py``): the strings directly in a mapping that the loader visits, whole
and unstripped; nothing in ``metadata``, in lists or in free-form options.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from promptls.formats.base import Sibling
from promptls.formats.prompty.images import images
from promptls.formats.prompty.recognise import V1, version_of
from promptls.formats.prompty.visits import VISITS
from promptls.formats.source import Source, as_mapping, bare, real
from promptls.prompt.model import Reference
from promptls.syntax.problem import Problem
from promptls.syntax.yaml_tree import Mapping, Node, Scalar, Sequence
from promptls.text import Span

_ADDRESS = re.compile(r"(?i)[a-z][a-z0-9+.-]+:")
MOST = 10_000
DEEPEST = 50
"""Nodes of a header that are looked at; aliases can make a small text large."""


class Named(NamedTuple):
    """``${protocol:name:default}`` in a scalar."""

    protocol: str
    name: str
    default: str | None


def references(source: Source, variant: str, body: Span | None) -> tuple[Reference, ...]:
    """All of them, in the order of the text."""
    found = list(_in_header(source, variant))
    if version_of(variant) == V1 and body is not None:
        found += _images(source, body)
    return tuple(sorted(found, key=lambda reference: reference.span))


def refused_references(source: Source, variant: str) -> Iterator[Problem]:
    """What 0.1.50 takes for a reference and cannot read, wherever it stands; 2.1.0 leaves it as text."""
    root = source.root()
    if version_of(variant) != V1 or root is None:
        return
    for scalar in _all(root):
        text = scalar.text.strip()
        if text.startswith("${") and text.endswith("}") and read_reference(text, variant) is None:
            message = f"Prompty v1 refuses `{text}`: write `${{env:NAME}}` or `${{file:path.json}}`"
            yield Problem(scalar.span, "invalid-value", message, "reference", {"severity": "error"})


def read_reference(text: str, variant: str) -> Named | None:
    """What a scalar refers to, by the rules of the version's loader; None where it is an ordinary string."""
    if version_of(variant) == V1:
        parts = text.strip()[2:-1].split(":")
        if not (text.strip().startswith("${") and text.strip().endswith("}")) or len(parts) < 2:
            return None
        protocol, name, *rest = parts
        return Named(protocol, name, rest[0] or None if rest else None) if protocol in ("env", "file") else None
    if not (text.startswith("${") and text.endswith("}")):
        return None
    protocol, _, rest_of_it = text[2:-1].partition(":")
    if protocol.lower() == "env":
        name, _, default = rest_of_it.partition(":")
        return Named("env", name, default or None)
    return Named("file", rest_of_it, None) if protocol.lower() == "file" else None


def _in_header(source: Source, variant: str) -> Iterator[Reference]:
    root = source.root()
    if root is None:
        return
    scalars = _all(root) if version_of(variant) == V1 else _visited(source, root, "root")
    for scalar in scalars:
        named = read_reference(scalar.text, variant)
        if named is not None and named.name:
            yield _reference(source, scalar, named)
    yield from _paths(source, root, variant)


def _reference(source: Source, scalar: Scalar, named: Named) -> Reference:
    span = _place(source, scalar, named.name)
    if named.protocol == "env":
        return Reference("environment", named.name, span, named.default, needed=named.default is None)
    return _file(source, named.name, span)


def _paths(source: Source, root: Mapping, variant: str) -> Iterator[Reference]:
    """Keys whose value is a path by itself."""
    if version_of(variant) == V1:
        for key in ("base", "sample"):
            scalar = real(source, root.get(key))
            if isinstance(scalar, Scalar) and isinstance(scalar.value, str) and not scalar.text.startswith("${"):
                path = scalar.text.strip().removeprefix("file:")
                if path and "\n" not in path:
                    yield _file(source, path, _place(source, scalar, path))
        return
    for tool in _each(source, root.get("tools")):
        scalar = real(source, tool.get("specification"))
        if isinstance(scalar, Scalar) and isinstance(scalar.value, str) and _is_path(scalar.text):
            # The loader keeps the path as it is: whoever runs the tool opens it.
            yield replace(_file(source, scalar.text, _place(source, scalar, scalar.text)), needed=False)


def _images(source: Source, body: Span) -> Iterator[Reference]:
    for image in images(source.text, body.start, body.end):
        path = image.source.slice(source.text)
        if _is_path(path):
            yield _file(source, path, image.source)


def _file(source: Source, path: str, span: Span) -> Reference:
    there: Sibling = source.open_sibling(path)
    return Reference("file", path, span, uri=there.uri, exists=there.exists)


def _is_path(text: str) -> bool:
    return bool(text.strip()) and not text.startswith("${") and _ADDRESS.match(text) is None and "{{" not in text


def _place(source: Source, scalar: Scalar, words: str) -> Span:
    """Where the words stand in the scalar; all of it where escapes hide them."""
    start = source.text.find(words, scalar.span.start, scalar.span.end)
    return Span(start, start + len(words)) if start >= 0 else bare(scalar)


def _all(root: Node) -> Iterator[Scalar]:
    todo: list[Node] = [root]
    left = MOST
    while todo and left:
        left -= 1
        node = todo.pop()
        if isinstance(node, Scalar):
            if isinstance(node.value, str):
                yield node
        elif isinstance(node, Mapping):
            todo.extend(entry.value for entry in reversed(node.entries))
        elif isinstance(node, Sequence):
            todo.extend(reversed(node.items))


def _visited(source: Source, node: Node | None, name: str, depth: int = 0) -> Iterator[Scalar]:
    found = as_mapping(source, node)
    if found is None or depth > DEEPEST:
        return
    visit = VISITS[name]
    for entry in found.entries:
        value = real(source, entry.value)
        if isinstance(value, Scalar) and isinstance(value.value, str):
            yield value
        elif entry.name in visit.one:
            yield from _visited(source, value, visit.one[entry.name], depth + 1)
        elif entry.name in visit.many:
            for each in _each(source, value):
                yield from _visited(source, each, visit.many[entry.name], depth + 1)


def _each(source: Source, node: Node | None) -> Iterator[Mapping]:
    """The mappings in a list, or in a map by name."""
    found = real(source, node)
    items: tuple[Node, ...] = ()
    if isinstance(found, Sequence):
        items = found.items
    elif isinstance(found, Mapping):
        items = tuple(entry.value for entry in found.entries)
    for item in items:
        about = as_mapping(source, item)
        if about is not None:
            yield about
