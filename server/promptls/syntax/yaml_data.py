"""What a YAML tree says as plain data, and which node stands where."""

from __future__ import annotations

from typing import Any

from promptls.syntax.yaml_tree import Alias, Entry, Mapping, Node, Path, Scalar, Sequence, YamlTree

_MAX_VALUES = 50_000
_MAX_DEPTH = 150


_BOOLEANS_11 = {
    word: value
    for value, words in ((True, ("yes", "on")), (False, ("no", "off")))
    for small in words
    for word in (small, small.title(), small.upper())
}


def to_data(of: YamlTree | Node | None, tree: YamlTree | None = None, *, yaml11: bool = False) -> Any:
    """Dicts, lists and scalars by YAML 1.2; the keys of dicts are strings as written.

    ``yaml11``: an unquoted ``yes``, ``no``, ``on`` or ``off`` is a boolean, as PyYAML has it.

    The last of duplicate keys wins, ``<<`` merges what the mapping does not set itself. Aliases are expanded
    within a budget of 50,000 values; past it, and where an alias leads back into itself, stands None. Keys that
    are no scalars are left out. Never raises.
    """
    if isinstance(of, YamlTree):
        tree, of = of, of.root
    return _Builder(tree, yaml11).build(of, 0)


class _Builder:
    def __init__(self, tree: YamlTree | None, yaml11: bool) -> None:
        self.anchors = tree.anchors if tree else {}
        self.words = _BOOLEANS_11 if yaml11 else {}
        self.left = _MAX_VALUES
        self.expanding: set[str] = set()

    def build(self, node: Node | None, depth: int) -> Any:
        self.left -= 1
        if self.left < 0 or depth > _MAX_DEPTH or node is None:
            return None
        if isinstance(node, Scalar):
            return self.words.get(node.text, node.value) if node.style == "plain" and not node.tag else node.value
        if isinstance(node, Alias):
            expandable = node.name in self.anchors and node.name not in self.expanding
            return self.build(self.anchors[node.name], depth + 1) if expandable else None
        if node.anchor:
            self.expanding.add(node.anchor)
        value: Any
        if isinstance(node, Mapping):
            value = self.mapping(node, depth)
        else:
            value = [self.build(item, depth + 1) for item in node.items[: self.left]]
        if node.anchor:
            self.expanding.discard(node.anchor)
        return value

    def mapping(self, node: Mapping, depth: int) -> dict[str, Any]:
        own: dict[str, Any] = {}
        merged: dict[str, Any] = {}
        for entry in node.entries:
            if not isinstance(entry.key, Scalar):
                continue
            value = self.build(entry.value, depth + 1)
            if not _is_merge(entry):
                own[entry.name] = value
                continue
            for source in value if isinstance(value, list) else [value]:
                if isinstance(source, dict):
                    merged = {**source, **merged}
        return {**merged, **own} if merged else own


def resolve(tree: YamlTree, node: Node) -> Node:
    """The node that an alias stands for; a node that is none, or an alias of nothing, itself."""
    seen: set[str] = set()
    while isinstance(node, Alias) and node.name in tree.anchors and node.name not in seen:
        seen.add(node.name)
        node = tree.anchors[node.name]
    return node


def node_at(tree: YamlTree, path: Path) -> Node | None:
    """The node at ``path``, through aliases and merged mappings; None where there is none."""
    node = tree.root
    for step in path:
        if node is None:
            return None
        node = _child(tree, resolve(tree, node), step, 0)
    return node


def entry_at(tree: YamlTree, path: Path) -> Entry | None:
    """The ``key: value`` at ``path``; None where the path ends in a list or nowhere."""
    if not path or not isinstance(path[-1], str):
        return None
    parent = node_at(tree, path[:-1])
    container = resolve(tree, parent) if parent is not None else None
    return container.entry(path[-1]) if isinstance(container, Mapping) else None


def path_at(tree: YamlTree, offset: int) -> Path:
    """The path of the innermost entry or item that a cursor at ``offset`` touches; ``()`` outside of all."""
    path: list[str | int] = []
    node = tree.root
    while node is not None:
        step: tuple[str | int, Node] | None = None
        if isinstance(node, Mapping):
            for entry in node.entries:
                if entry.span.start > offset:
                    break
                if entry.span.touches(offset):
                    step = (entry.name, entry.value)
        elif isinstance(node, Sequence):
            for index, item in enumerate(node.items):
                if item.span.start > offset:
                    break
                if item.span.touches(offset):
                    step = (index, item)
        if step is None:
            break
        path.append(step[0])
        node = step[1]
    return tuple(path)


def _child(tree: YamlTree, node: Node, step: str | int, depth: int) -> Node | None:
    if isinstance(node, Sequence):
        inside = isinstance(step, int) and 0 <= step < len(node.items)
        return node.items[step] if inside and isinstance(step, int) else None
    if not isinstance(node, Mapping) or not isinstance(step, str):
        return None
    found = node.get(step)
    if found is not None or depth > 10:
        return found
    for entry in node.entries:
        if _is_merge(entry):
            source = resolve(tree, entry.value)
            for one in source.items if isinstance(source, Sequence) else (source,):
                found = _child(tree, resolve(tree, one), step, depth + 1)
                if found is not None:
                    return found
    return None


def _is_merge(entry: Entry) -> bool:
    return isinstance(entry.key, Scalar) and entry.key.text == "<<" and entry.key.style == "plain"
