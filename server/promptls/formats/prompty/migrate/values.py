"""Strings of v1 as v2 has to find them: 0.1.50 strips every string of the header, 2.1.0 takes them as they are."""

from __future__ import annotations

import re
from collections.abc import Iterator

from promptls.formats.prompty.migrate.draft import scalars
from promptls.syntax.yaml_quote import quoted
from promptls.syntax.yaml_tree import Mapping, Node, Scalar, Sequence, YamlTree
from promptls.text import Span

_BLOCK = re.compile(r"([|>])([0-9]?)([+-]?)([0-9]?)")


def stripped_defaults(text: str, tree: YamlTree) -> Iterator[tuple[Span, str]]:
    """The edits in a migrated header that make its defaults what v1 made of its sample."""
    root = tree.root
    inputs = root.get("inputs") if isinstance(root, Mapping) else None
    items: list[Node] = []
    if isinstance(inputs, Mapping):
        items = [entry.value for entry in inputs.entries]
    elif isinstance(inputs, Sequence):
        items = list(inputs.items)
    for item in items:
        default = item.get("default") if isinstance(item, Mapping) else None
        for scalar, _ in scalars(default):
            written = _stripped(text, scalar)
            if written is not None:
                yield written


def _stripped(text: str, scalar: Scalar) -> tuple[Span, str] | None:
    if not isinstance(scalar.value, str):
        return None
    meant = _reference(scalar.text.strip())
    if meant == scalar.text:
        return None
    if scalar.style in ("literal", "folded"):
        mark = _BLOCK.match(text, scalar.span.start)
        if mark is not None and scalar.text.rstrip("\n") == meant:
            return Span(*mark.span()), f"{mark[1]}{mark[2]}-{mark[4]}"
    return scalar.span, quoted(meant)


def _reference(word: str) -> str:
    """In v1 the default of ``${env:NAME:default}`` ends at the next colon."""
    if word.startswith("${env:") and word.endswith("}") and word.count(":") > 2:
        return ":".join(word[:-1].split(":")[:3]) + "}"
    return word
