"""The front matter of a template: lines of YAML between two lines of ``---`` at its top.

Template languages know none. It is read where the file is a prompt, or where it declares ``inputs``, which the front
matter of other worlds (Jekyll, Hugo, several documents in one YAML file) does not.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from promptls.syntax.frontmatter import FrontMatter, split_lines
from promptls.syntax.yaml import parse_yaml, resolve
from promptls.syntax.yaml_tree import Mapping, Scalar, Sequence, YamlTree
from promptls.text import Span

OWN_KEY = "inputs"
OTHER_KEYS = ("name", "description")


class Opened(NamedTuple):
    front: FrontMatter
    tree: YamlTree | None


@lru_cache(maxsize=16)
def opened(text: str) -> Opened:
    """As the text stands, whether or not what is found there is front matter."""
    front = split_lines(text)
    return Opened(front, None if front.header is None else parse_yaml(text, front.header))


def own_key(text: str) -> str:
    """``inputs``, where a closed header declares some."""
    front, tree = opened(text)
    root = tree.root if tree is not None else None
    if front.closer is None or tree is None or not isinstance(root, Mapping):
        return ""
    written = root.get(OWN_KEY)
    declared = resolve(tree, written) if written is not None else None
    return OWN_KEY if isinstance(declared, Mapping | Sequence) else ""


def header_of(text: str, *, certain: bool) -> YamlTree | None:
    """The YAML of the front matter; None where there is none."""
    return opened(text).tree if _is_header(text, certain) else None


def front_of(text: str, *, certain: bool) -> FrontMatter:
    """Where front matter and template stand. ``certain``: the file is a prompt, so a header may be unfinished."""
    front = opened(text).front
    if _is_header(text, certain):
        return front
    start = int(front.bom)
    return FrontMatter(None, Span(start, len(text)), bom=front.bom)


def _is_header(text: str, certain: bool) -> bool:
    front, tree = opened(text)
    if front.header is None or tree is None:
        return False
    if not certain:
        return bool(own_key(text))
    if front.closer is not None:
        return tree.root is None or isinstance(tree.root, Mapping) or _is_started(tree)
    # A rule of Markdown may open a prompt; a header that is being written has one of its keys.
    root = tree.root
    keys = [entry.name for entry in root.entries] if isinstance(root, Mapping) else []
    return bool(keys) and keys[0] in (OWN_KEY, *OTHER_KEYS)


def _is_started(tree: YamlTree) -> bool:
    """A key that is being typed, or a header too broken to be a map."""
    return any(problem.code == "yaml-syntax" for problem in tree.problems) or (
        isinstance(tree.root, Scalar) and len(tree.root.text.split()) == 1
    )
