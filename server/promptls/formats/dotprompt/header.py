"""A Dotprompt file opened: where its header and its template stand, and the header's YAML."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, NamedTuple

from promptls.formats.base import OpenSibling, no_siblings
from promptls.formats.source import Source
from promptls.syntax.frontmatter import FrontMatter, split_below_comments
from promptls.syntax.yaml import parse_yaml, to_data
from promptls.syntax.yaml_tree import YamlTree

RESERVED = (
    *("config", "description", "ext", "input", "model", "name", "output", "raw"),
    *("toolDefs", "tools", "variant", "version"),
)
"""The keys that Dotprompt itself reads (dotpromptz 0.2.0 ``_parse.py``, ``RESERVED_METADATA_KEYWORDS``)."""
GENKIT = ("maxTurns", "toolChoice", "returnToolRequests", "use", "metadata")
"""What Genkit reads beside them (firebase/genkit 77656d5 ``js/ai/src/prompt.ts``)."""


class Opened(NamedTuple):
    front: FrontMatter
    tree: YamlTree | None


@lru_cache(maxsize=16)
def opened(text: str) -> Opened:
    """Recognising and reading both need it, one right after the other."""
    front = split_below_comments(text)
    return Opened(front, None if front.header is None else parse_yaml(text, front.header))


def source_of(uri: str, text: str, open_sibling: OpenSibling = no_siblings) -> Source:
    front, tree = opened(text)
    return Source(uri, text, tree or YamlTree(front.body, None), open_sibling)


def header_data(text: str) -> dict[str, Any]:
    """The header as dotpromptz gets it: it reads with PyYAML, so YAML 1.1's booleans."""
    tree = opened(text).tree
    data = to_data(tree, tree, yaml11=True) if tree is not None else None
    return data if isinstance(data, dict) else {}
