"""The YAML tree: immutable nodes, each with its exact span in the whole text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from promptls.syntax.problem import Problem
from promptls.text import Span

Path: TypeAlias = "tuple[str | int, ...]"
"""Keys and indices from the root: ``("inputs", 0, "kind")``."""
_DEEPEST = 20


@dataclass(frozen=True, slots=True)
class Scalar:
    """``span`` covers the quotes or the block indicator; ``text`` is the decoded string.

    ``style``: ``plain``, ``single``, ``double``, ``literal`` or ``folded``. ``value``: by YAML 1.2's
    core schema (a number, a bool, None or a string).
    """

    span: Span
    text: str
    value: Any
    style: str = "plain"
    tag: str | None = None
    anchor: str | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One ``key: value`` of a mapping. ``value`` is an empty plain scalar right after the colon where none is written.

    ``key`` is a scalar in all files that make sense; where it is not, ``name`` is empty.
    """

    key: Node
    value: Node

    @property
    def name(self) -> str:
        return self.key.text if isinstance(self.key, Scalar) else ""

    @property
    def span(self) -> Span:
        return Span(self.key.span.start, max(self.key.span.end, self.value.span.end))


@dataclass(frozen=True, slots=True)
class Mapping:
    """Duplicate keys are kept, in order. ``flow``: written as ``{a: 1}``."""

    span: Span
    entries: tuple[Entry, ...]
    flow: bool = False
    tag: str | None = None
    anchor: str | None = None

    def entry(self, name: str) -> Entry | None:
        """The last entry of that name: the one that a loader keeps."""
        return next((entry for entry in reversed(self.entries) if entry.name == name), None)

    def get(self, name: str) -> Node | None:
        entry = self.entry(name)
        return entry.value if entry else None


@dataclass(frozen=True, slots=True)
class Sequence:
    span: Span
    items: tuple[Node, ...]
    flow: bool = False
    tag: str | None = None
    anchor: str | None = None


@dataclass(frozen=True, slots=True)
class Alias:
    """``*name``; it stands for the anchor's node, which ``YamlTree.resolve`` finds."""

    span: Span
    name: str


Node: TypeAlias = Scalar | Mapping | Sequence | Alias


@dataclass(frozen=True, slots=True)
class YamlTree:
    """``root`` is None for an empty text. On a syntax error it holds all that was read before it."""

    span: Span
    root: Node | None
    problems: tuple[Problem, ...] = ()
    anchors: dict[str, Node] = field(default_factory=dict)


def scalars(root: Node) -> Iterator[tuple[Path, Scalar, bool]]:
    """Every scalar with its path, and whether it is a key; what is nested more deeply than any header is left out."""
    todo: list[tuple[Path, Node]] = [((), root)]
    while todo:
        path, node = todo.pop()
        if isinstance(node, Scalar):
            yield path, node, False
        elif isinstance(node, Mapping) and len(path) < _DEEPEST:
            for entry in node.entries:
                if isinstance(entry.key, Scalar):
                    yield (*path, entry.name), entry.key, True
                    todo.append(((*path, entry.name), entry.value))
        elif isinstance(node, Sequence) and len(path) < _DEEPEST:
            todo.extend(((*path, index), item) for index, item in enumerate(node.items))
