"""Values for the inputs in ``NAME.sample.yaml`` or ``.json`` beside a prompt file."""

from __future__ import annotations

import posixpath
from typing import Any

from promptls.formats.base import OpenSibling
from promptls.formats.source import Source, file_source
from promptls.prompt.model import Sample
from promptls.syntax.problem import Problem
from promptls.syntax.yaml import parse_yaml, resolve
from promptls.syntax.yaml_tree import Mapping, Node, Sequence, YamlTree
from promptls.text import Location, Span
from promptls.text.uris import path_in

IN_THE_FILE = "in the file"
"""The title of the sample that the prompt file itself holds."""
ENDINGS = (".sample.yaml", ".sample.yml", ".sample.json")


def beside(uri: str, source: Source) -> tuple[Sample, ...]:
    """The samples of the first file there is; a list of maps is several. Nothing where it cannot be read."""
    for name in sample_names(uri):
        opened = file_source(source, name)
        if opened is not None and opened[1] is not None:
            return _samples(name, opened[0], opened[1])
    return ()


def unread(uri: str, open_sibling: OpenSibling) -> tuple[Problem, ...]:
    """What is wrong with a file of samples that gives none, `data["location"]` its place there. Nothing of an empty
    one, which is about to be written, and nothing where another one beside it is read."""
    for name in sample_names(uri):
        there = open_sibling(name)
        tree = parse_yaml(there.text) if there.text is not None else None
        if tree is None or (tree.root is None and not tree.problems):
            continue
        wrong = _wrong(name, tree)
        if wrong is None:
            return ()
        span, message = wrong
        location = Location(there.uri or "", span)
        return (Problem(Span(0, 0), "missing-sample", message, "unread", {"location": location}),)
    return ()


def sample_names(uri: str) -> tuple[str, ...]:
    """The files of samples that a prompt file may have beside it, the first one that is there counts."""
    stem = posixpath.splitext(posixpath.basename(path_in(uri)))[0]
    return tuple(stem + ending for ending in ENDINGS) if stem else ()


def _wrong(name: str, tree: YamlTree) -> tuple[Span, str] | None:
    broken = next((problem for problem in tree.problems if problem.code == "yaml-syntax"), None)
    if broken is not None:
        reason = broken.message.rstrip(".")
        return broken.span, f"`{name}` cannot be read, so it gives no values: {reason}"
    root = tree.root
    if root is None:
        return None
    maps = root.items if isinstance(root, Sequence) else (root,)
    if any(isinstance(resolve(tree, each), Mapping) for each in maps):
        return None
    said = f"`{name}` gives no values: write a map of an input's name to its value, or a list of such maps"
    return root.span, said


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
