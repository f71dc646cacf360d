"""What is written out in an expression: strings, numbers and truth values."""

from __future__ import annotations

from promptls.syntax.template.drafts import Literal, Value
from promptls.syntax.template.tree import Node


def constant(written: str) -> Literal | None:
    """The value of a number, ``true`` or ``false``; None for anything else."""
    if written[0].isdigit():
        try:
            return float(written.replace("_", "")) if not written[1:2].isalpha() else int(written, 0)
        except ValueError:
            return None
    return {"true": True, "True": True, "false": False, "False": False}.get(written)


def literals_in(nodes: tuple[Node, ...], values: list[Value]) -> list[Literal | None]:
    """The literals that these expressions are, and those that their lists hold."""
    found = [value.literal for value in values]
    for node in nodes:
        if node.kind == "group" and node.head:
            node = node.head[0]
        if node.kind in ("list", "tuple"):
            found += [_literal(item) for item in node.head]
    return found


def _literal(node: Node) -> Literal | None:
    if node.kind == "string":
        return node.name
    return constant(node.name) if node.kind == "constant" else None
