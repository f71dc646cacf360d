"""A Prompty file opened: where its header and its template stand, and the header's YAML."""

from __future__ import annotations

import posixpath
from functools import lru_cache
from typing import Any, NamedTuple

from promptls.formats.base import OpenSibling, Sibling
from promptls.prompt.model import MISSING
from promptls.syntax.frontmatter import FrontMatter, split_unanchored
from promptls.syntax.yaml import parse_yaml, resolve, to_data
from promptls.syntax.yaml_tree import Mapping, Node, Scalar, YamlTree
from promptls.text import Location, Span


class Opened(NamedTuple):
    front: FrontMatter
    tree: YamlTree | None


@lru_cache(maxsize=16)
def opened(text: str) -> Opened:
    """Recognising and reading both need it, one right after the other."""
    front = split_unanchored(text)
    if front.header is not None:
        return Opened(front, parse_yaml(text, front.header))
    return _below_text(text) or Opened(front, None)


def _below_text(text: str) -> Opened | None:
    """A header with text above it, which only 0.1.50 finds: so only one that is v1's by its keys."""
    front = split_unanchored(text, anywhere=True)
    if front.header is None or front.closer is None:
        return None
    tree = parse_yaml(text, front.header)
    model = tree.root.get("model") if isinstance(tree.root, Mapping) else None
    own = isinstance(model, Mapping) and (model.entry("api") or model.entry("configuration"))
    return Opened(front, tree) if own else None


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


def file_named_by(text: str) -> str | None:
    """The path in ``${file:path}``, when that is the whole value."""
    text = text.strip()
    if text.lower().startswith("${file:") and text.endswith("}"):
        return text[len("${file:") : -1].strip() or None
    return None


def included(source: Source, node: Node | None) -> tuple[Source, Node | None] | None:
    """Follows a value that is wholly ``${file:path}``: the file's source and its root node.

    The node itself where it names no file; None where the file could not be read.
    """
    found = real(source, node)
    path = file_named_by(found.text) if isinstance(found, Scalar) else None
    if path is None:
        return source, found
    return file_source(source, path)


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
