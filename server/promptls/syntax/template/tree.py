"""The template tree that all dialects share: one node type, exact spans, nothing missing.

Kinds of nodes in a body: ``text``, ``output`` (``{{ x }}``), ``statement`` (a tag without a body),
``block`` (a tag with a body), ``branch`` (``else``, ``elif`` inside a block), ``comment``, ``raw``,
``include`` (a Handlebars or Mustache partial), ``delimiters`` (Mustache), ``error`` (a stray tag).
Kinds in an expression: ``name``, ``attribute``, ``item``, ``call``, ``filter``, ``test``, ``string``,
``constant``, ``list``, ``tuple``, ``dict``, ``group``, ``binary``, ``unary``, ``conditional``,
``keyword`` (argument), ``target`` (a name that is bound), ``missing`` (nothing where something must be).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from promptls.syntax.problem import Problem
from promptls.text import Span


@dataclass(frozen=True, slots=True)
class Node:
    """``name``: the variable, attribute, filter, test, tag, operator or constant; ``name_span`` its place.

    ``head``: the expressions of a tag, or the operands of an expression; ``body``: what a block or a
    branch holds. ``tag``: span of the opening tag with its delimiters; ``close``: of the closing one.
    """

    kind: str
    span: Span
    name: str = ""
    name_span: Span | None = None
    head: tuple[Node, ...] = ()
    body: tuple[Node, ...] = ()
    tag: Span | None = None
    close: Span | None = None

    def walk(self) -> Iterator[Node]:
        """This node and all below it, in the order of the text."""
        todo = [self]
        while todo:
            node = todo.pop()
            yield node
            todo.extend(reversed(node.body))
            todo.extend(reversed(node.head))


@dataclass(frozen=True, slots=True)
class TemplateTree:
    """``span``: the part of the text that was parsed; ``root`` is a node of kind ``template``."""

    dialect: str
    span: Span
    root: Node
    problems: tuple[Problem, ...] = ()
