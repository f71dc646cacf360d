"""The template tree that all dialects share: one node type, exact spans, nothing missing.

Kinds of nodes in a body: ``text``, ``output`` (``{{ x }}``), ``statement`` (a tag without a body),
``block`` (a tag with a body), ``branch`` (``else``, ``elif`` inside a block), ``comment``, ``raw``,
``include`` (a Handlebars or Mustache partial), ``delimiters`` (Mustache), ``error`` (a stray tag).
Kinds in an expression: ``name``, ``attribute``, ``item``, ``slice``, ``call``, ``filter``, ``test``,
``string``, ``constant``, ``list``, ``tuple``, ``dict``, ``pair``, ``group``, ``binary``, ``unary``,
``conditional``, ``keyword`` (argument), ``target`` (a name that is bound), ``missing`` (nothing where
something must be). Only in the head of a tag: ``assign`` (target and value), ``import`` (a name taken
from another template), ``label`` (of a ``{% block %}``), ``word`` (a fixed word that changes what the
tag does: ``recursive``, ``scoped``, ``ignore missing``), ``contents`` (the block's own text, which the
filters of ``{% filter %}`` and ``{% set %}`` work on).

Heads: ``for`` (target, iterable, condition?, word?); ``if``/``elif`` (condition); ``set`` (target, value)
or, as a block, (target, filter?); ``with`` (assign …); ``macro`` (target of its name, target of each
parameter with its default as head); ``call`` (parameter targets …, the call); ``block`` (label, word …);
``include``/``extends`` (template, word …); ``import`` (template, target, word?); ``from`` (template,
import …, word?); ``filter`` (filter). A Mustache section has its sigil as name and its path as head.

The left-most operand chain (``a + b + c …``, ``x|f|g …``) can be thousands deep; every other nesting
is bounded by the parsers. Who recurses uses ``walk`` or goes down ``head[0]`` in a loop.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, NamedTuple

from promptls.syntax.problem import Problem
from promptls.text import Span


class Node(NamedTuple):
    """``name``: the variable, attribute, filter, test, tag, operator or constant; ``name_span`` its place.

    ``head``: the expressions of a tag, or the operands of an expression; ``body``: what a block or a
    branch holds. ``tag``: span of the opening tag with its delimiters; ``close``: of the closing one.
    The children of a body tile it: the opening tag, the body and the closing tag leave no character out.
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
            todo += node.body[::-1]
            todo += node.head[::-1]

    def walk_bodies(self) -> Iterator[Node]:
        """As ``walk``, without the expressions in the heads of tags."""
        todo = [self]
        while todo:
            node = todo.pop()
            yield node
            todo += node.body[::-1]


made: Callable[[tuple[Any, ...]], Node] = partial(tuple.__new__, Node)
"""A node of all its fields in one tuple: a third of the time of a call of the class, where most nodes are made."""


class TemplateTree(NamedTuple):
    """``span``: the part of the text that was parsed; ``root`` is a node of kind ``template``."""

    dialect: str
    span: Span
    root: Node
    problems: tuple[Problem, ...] = ()
