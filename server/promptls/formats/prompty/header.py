"""A Prompty file opened: where its header and its template stand, and the header's YAML."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from promptls.formats.source import Source, file_source, real
from promptls.syntax.frontmatter import FrontMatter, split_unanchored
from promptls.syntax.yaml import parse_yaml
from promptls.syntax.yaml_tree import Mapping, Node, Scalar, YamlTree


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
