"""Values for the inputs: in the file, and in ``NAME.sample.yaml`` or ``.json`` beside it."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping as Data
from typing import Any
from urllib.parse import unquote, urlsplit

from promptls.formats.prompty.header import Source, file_source
from promptls.prompt.model import MISSING, Input, Sample
from promptls.syntax.yaml_tree import Node, Sequence
from promptls.text import Span

IN_THE_FILE = "in the file"
ENDINGS = (".sample.yaml", ".sample.yml", ".sample.json")


def in_file(source: Source, inputs: tuple[Input, ...], filled: Data[str, Any]) -> Sample | None:
    """What the file itself gives each input: its example, else its default, over what v1's sample says."""
    values = {item.name: _value(item, filled) for item in inputs}
    values = {name: value for name, value in values.items() if value is not MISSING}
    if not values:
        return None
    return Sample(IN_THE_FILE, values, source.location(_place(source)))


def beside(uri: str, source: Source) -> tuple[Sample, ...]:
    """The samples of the first file there is; a list of maps is several. Nothing where it cannot be read."""
    name = posixpath.basename(unquote(urlsplit(uri).path))
    stem = name[: -len(".prompty")] if name.lower().endswith(".prompty") else posixpath.splitext(name)[0]
    if not stem:
        return ()
    for ending in ENDINGS:
        opened = file_source(source, stem + ending)
        if opened is not None and opened[1] is not None:
            return _samples(stem + ending, opened[0], opened[1])
    return ()


def _samples(name: str, there: Source, node: Node) -> tuple[Sample, ...]:
    data = there.data(node)
    if isinstance(data, dict):
        return (Sample(name, _by_name(data), there.location(node.span)),)
    if not isinstance(data, list) or not isinstance(node, Sequence):
        return ()
    return tuple(
        Sample(f"{name} {number}", _by_name(each), there.location(item.span))
        for number, (each, item) in enumerate(zip(data, node.items, strict=False), 1)
        if isinstance(each, dict)
    )


def _by_name(data: dict[Any, Any]) -> dict[str, Any]:
    return {str(name): value for name, value in data.items()}


def _value(item: Input, filled: Data[str, Any]) -> Any:
    if item.name in filled and item.origin == "sample":
        return filled[item.name]
    return next((value for value in (item.example, filled.get(item.name, MISSING)) if value is not MISSING), MISSING)


def _place(source: Source) -> Span:
    root = source.root()
    entry = (root.entry("sample") or root.entry("inputs")) if root is not None else None
    return entry.key.span if entry is not None else Span(source.tree.span.start, source.tree.span.start)
