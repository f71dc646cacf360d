"""A YAML text as formats read it: its nodes with their places, and the files beside it."""

from __future__ import annotations

import posixpath
from typing import Any, NamedTuple

from promptls.formats.base import OpenSibling, Sibling
from promptls.prompt.model import MISSING
from promptls.syntax.yaml import parse_yaml, resolve, to_data
from promptls.syntax.yaml_tree import Mapping, Node, Scalar, YamlTree
from promptls.text import Location, Span


class Source(NamedTuple):
    """A YAML (or JSON) text whose nodes are read: the header itself, or a file that it includes."""

    uri: str
    text: str
    tree: YamlTree
    open_sibling: OpenSibling

    def root(self) -> Mapping | None:
        return as_mapping(self, self.tree.root)

    def data(self, node: Node | None) -> Any:
        """As both loaders get it: they read with PyYAML, so YAML 1.1's booleans."""
        return MISSING if node is None else to_data(node, self.tree, yaml11=True)

    def location(self, span: Span) -> Location:
        return Location(self.uri, span)


def real(source: Source, node: Node | None) -> Node | None:
    """The node, or what it stands for when it is an alias."""
    return None if node is None else resolve(source.tree, node)


def as_mapping(source: Source, node: Node | None) -> Mapping | None:
    found = real(source, node)
    return found if isinstance(found, Mapping) else None


def string(source: Source, node: Node | None) -> str:
    """The text of a scalar; empty where there is none, or null."""
    found = real(source, node)
    return found.text if isinstance(found, Scalar) and found.value is not None else ""


def file_source(source: Source, path: str) -> tuple[Source, Node | None] | None:
    """A YAML or JSON file beside the source; JSON is read as the YAML it is, so places stay known."""
    sibling: Sibling = source.open_sibling(path)
    if sibling.text is None:
        return None
    tree = parse_yaml(sibling.text)
    if tree.root is None or any(problem.code == "yaml-syntax" for problem in tree.problems):
        return None
    there = Source(sibling.uri or "", sibling.text, tree, from_folder_of(path, source.open_sibling))
    return there, tree.root


def from_folder_of(path: str, open_sibling: OpenSibling) -> OpenSibling:
    """Paths in an included file count from its own folder."""
    folder = posixpath.dirname(path.replace("\\", "/"))
    return lambda inner: open_sibling(posixpath.normpath(posixpath.join(folder, inner)) if folder else inner)


def bare(scalar: Scalar) -> Span:
    """The place of a scalar without its quotes, so that a rename replaces the name alone."""
    start, end = scalar.span
    return Span(start + 1, end - 1) if scalar.style in ("single", "double") and end - start > 1 else scalar.span
