"""What the schema says of places in the header besides their keys and values."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from promptls.prompt.model import Document
from promptls.schema.navigate import notes_of, view
from promptls.syntax.yaml import to_data
from promptls.syntax.yaml_tree import Path, Scalar, scalars
from promptls.text import Span

_LONGEST_LIST = 100_000


def header_data(document: Document) -> Any:
    """The header as plain data, as far as it can be read; it tells the branches of a schema apart."""
    return to_data(document.yaml) if document.yaml else None


def data_around(data: Any, path: Path) -> Any:
    """The data with a map or list at every step of ``path``, so that the schema is asked about what is being written:
    of ``model:`` and a half-typed key below it YAML makes a string."""
    if not path:
        return data
    step = path[0]
    if isinstance(step, int):
        known = list(data) if isinstance(data, list) else []
        if 0 <= step < _LONGEST_LIST:
            known += [None] * (step + 1 - len(known))
            known[step] = data_around(known[step], path[1:])
        return known
    known_map = dict(data) if isinstance(data, dict) else {}
    if len(path) > 1 or step in known_map:
        known_map[step] = data_around(known_map.get(step), path[1:])
    return known_map


def notes_at(schema: str, data: Any, path: Path) -> Mapping[str, Any]:
    """All of ``x-promptls`` at a path. ``names``: what the keys of this map are names of: ``input``, ``rule``,
    ``service``, ``provider``; ``value``: ``input``, the value is one, ``path``, it is a file beside this one,
    ``route``, a place where runs may go."""
    known = view(schema)
    notes: dict[str, Any] = {}
    for part in known.flat(known.at(path, data), None):
        notes |= notes_of(part)
    return notes


def takes_text(schema: str, data: Any, path: Path) -> bool:
    """Whether any string may stand at a path."""
    known = view(schema)
    parts = known.flat(known.at(path, data), None)
    return any("string" in known.types(part) and "enum" not in part and "const" not in part for part in parts)


def input_names_in_header(document: Document, name: str) -> Iterator[Span]:
    """Where the header names an input besides its declaration: as a sample's key, in the binding of a tool."""
    yield from (bare_span(node) for node in _naming_inputs(document, lambda node: node.text == name))


def input_named_at(document: Document, offset: int) -> str | None:
    """The input that a sample's key or the binding of a tool at ``offset`` names."""
    return next((node.text for node in _naming_inputs(document, lambda node: bare_span(node).touches(offset))), None)


def _naming_inputs(document: Document, wanted: Callable[[Scalar], bool]) -> Iterator[Scalar]:
    """The wanted scalars that the schema says are names of inputs."""
    if document.yaml is None or document.yaml.root is None or document.schema is None:
        return
    data = header_data(document)
    for path, node, is_key in scalars(document.yaml.root):
        if wanted(node):
            notes = notes_at(document.schema, data, path[:-1] if is_key else path)
            if notes.get("names" if is_key else "value") == "input":
                yield node


def bare_span(scalar: Scalar) -> Span:
    """The place of a scalar without its quotes."""
    start, end = scalar.span
    return Span(start + 1, end - 1) if scalar.style in ("single", "double") and end - start > 1 else scalar.span
