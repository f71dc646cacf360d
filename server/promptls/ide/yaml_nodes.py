"""Walks over a YAML tree that features share."""

from __future__ import annotations

from collections.abc import Iterator

from promptls.syntax.yaml_tree import Mapping, Node, Sequence


def every_node(root: Node) -> Iterator[Node]:
    """The node and all below it, keys before their values, in the order of the text."""
    todo = [root]
    while todo:
        node = todo.pop()
        yield node
        if isinstance(node, Mapping):
            todo.extend(part for entry in reversed(node.entries) for part in (entry.value, entry.key))
        elif isinstance(node, Sequence):
            todo.extend(reversed(node.items))
