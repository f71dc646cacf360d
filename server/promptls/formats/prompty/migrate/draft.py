"""What the parts of a migration share: the outline they change, and the list of what cannot be carried."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from promptls.formats.outline import Group, Item, Raw, commented, opened
from promptls.formats.source import Source
from promptls.formats.upgraded import Lost
from promptls.prompt.types import ValueType
from promptls.syntax.yaml_tree import Alias, Mapping, Node, Scalar, Sequence
from promptls.text import Span

_BESIDE = re.compile(r"(?:^|(?<=\s))#.*")
V1_ONLY = "v1 only: "
"""What a comment starts with that holds a key of v1 for which v2 has none."""


@dataclass(slots=True)
class Draft:
    """``root``: the header's outline; ``v1``: 0.1.50 reads the file; ``reads``: the type of what the template reads."""

    source: Source
    root: Group
    v1: bool
    promptflow: bool
    reads: dict[str, ValueType]
    lost: list[Lost] = field(default_factory=list)

    def lose(self, span: Span, message: str, *, breaks: bool = False) -> None:
        self.lost.append(Lost(span, message, breaks))

    def open(self, item: Item) -> Group | None:
        """The mapping that an entry holds."""
        found = opened(self.source.text, item)
        return found if isinstance(found, Group) else None

    def drop(self, group: Group, item: Item, message: str, *, breaks: bool = False) -> None:
        """Makes an entry a comment, and says so."""
        self.lose(item.span, message, breaks=breaks)
        group.items[group.at(item)] = commented(item, V1_ONLY)

    def drop_into(self, group: Group, item: Item, message: str) -> None:
        """The same for an entry that would have stood in ``group``."""
        self.lose(item.span, message)
        group.items.append(commented(item, V1_ONLY))

    def remove(self, group: Group, item: Item) -> None:
        """Takes an entry away of which nothing but its comments is left."""
        value = item.value
        beside = value.lines[0] if isinstance(value, Raw) else value.beside
        comment = _BESIDE.search(beside)
        told = [*item.above, *([" " * item.column + comment[0].strip()] if comment else [])]
        left = [Item("", Raw([""]), told, item.column)] if any(told) else []
        if isinstance(value, Group):
            tail = [line for line in value.tail if line.strip()]
            left += [each for each in value.items if not each.key]
            left += [Item("", Raw([""]), tail, item.column + value.step)] if tail else []
        at = group.at(item)
        group.items[at : at + 1] = left

    def written(self, item: Item) -> str:
        """An entry's value as it stands in the file."""
        return item.node.span.slice(self.source.text) if item.node is not None else ""

    def data(self, item: Item) -> Any:
        return self.source.data(item.node)


def scalars(node: Node | None, depth: int = 0) -> Iterator[tuple[Scalar, int]]:
    """All scalar values in a node, each with how deep it is; keys are not among them."""
    todo: list[tuple[Node, int]] = [(node, depth)] if node is not None else []
    while todo:
        here, level = todo.pop()
        if isinstance(here, Scalar):
            yield here, level
        elif isinstance(here, Mapping):
            todo += [(entry.value, level + 1) for entry in reversed(here.entries)]
        elif isinstance(here, Sequence):
            todo += [(each, level + 1) for each in reversed(here.items)]
        else:
            assert isinstance(here, Alias)
