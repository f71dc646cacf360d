"""Values for the inputs in ``NAME.sample.yaml`` or ``.json`` beside a prompt file."""

from __future__ import annotations

import posixpath
from typing import Any
from urllib.parse import unquote, urlsplit

from promptls.formats.source import Source, file_source
from promptls.prompt.model import Sample
from promptls.syntax.yaml_tree import Node, Sequence

IN_THE_FILE = "in the file"
"""The title of the sample that the prompt file itself holds."""
ENDINGS = (".sample.yaml", ".sample.yml", ".sample.json")


def beside(uri: str, source: Source) -> tuple[Sample, ...]:
    """The samples of the first file there is; a list of maps is several. Nothing where it cannot be read."""
    name = posixpath.basename(unquote(urlsplit(uri).path))
    stem = posixpath.splitext(name)[0]
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
