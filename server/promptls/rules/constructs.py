"""What a template makes use of, by the names that the tables give it: filters, tests, tags, parts of expressions."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from promptls.prompt.model import Template
from promptls.rules.damage import is_sound, sound_mentions
from promptls.syntax.template.tree import Node
from promptls.text import Span

_COMPARISONS = frozenset(("==", "!=", "<", ">", "<=", ">="))
_PLAIN = _COMPARISONS | {"and", "or", "in"}
_SEVERAL = ("tuple", "group")
_ROOTS = frozenset(("name", "attribute", "item"))
_BY_KIND = {"conditional": "conditional", "slice": "slice", "call": "call", "list": "list", "dict": "dict"}
_BY_KIND |= {"tuple": "tuple", "keyword": "keyword-argument"}
_TELLING = frozenset(["binary", "unary", "attribute", "item", "constant", "string", *_BY_KIND])
"""The kinds of nodes that may be more than a name or a comparison."""


class Construct(NamedTuple):
    """``section`` and ``name``: its row in the dialect's table (``members`` of ``special`` are ``loop.index``)."""

    section: str
    name: str
    span: Span


def constructs_of(
    template: Template, wanted: Callable[[str, str], bool] = lambda section, name: True
) -> Iterator[Construct]:
    """All that is used in tags that were read well; of expressions only what is more than names and comparisons.
    ``wanted``: of a section and a name, whether it counts; a large template uses few of them thousands of times."""
    for section, kind in (("filters", "filter"), ("tests", "test"), ("tags", "tag")):
        for mention in sound_mentions(template, kind):
            if wanted(section, mention.name):
                yield Construct(section, mention.name, mention.span)
    for use in template.analysis.uses:
        special = use.binding is not None and use.binding.kind == "builtin" and len(use.names) == 2
        if special and wanted("special", ".".join(use.names)):
            yield Construct("special", ".".join(use.names), use.spans[1])
    sound = is_sound(template)
    for node, name in _syntax(template.tree.root):
        if wanted("syntax", name) and sound(node.span):
            yield Construct("syntax", name, node.span)


def _syntax(root: Node) -> Iterator[tuple[Node, str]]:
    todo = [root]
    while todo:
        node = todo.pop()
        if node.kind in _TELLING and (name := _name_of(node)):
            yield node, name
        below = node.head
        if node.kind == "block" and node.name == "for":
            yield from _of_loop(node)
            if below and below[0].kind in _SEVERAL:
                below = below[1:]
        todo += node.body[::-1]
        todo += below[::-1]


def _name_of(node: Node) -> str:
    match node.kind:
        case "binary" if node.name not in _PLAIN:
            return {"~": "concatenation", "not in": "not-in"}.get(node.name, "arithmetic")
        case "binary" if node.name in _COMPARISONS and any(
            one.kind == "binary" and one.name in _COMPARISONS for one in node.head
        ):
            return "chain"
        case "unary" if node.name in ("-", "+") and not (node.head and node.head[0].kind == "constant"):
            return "negation"
        case "attribute" | "item" if node.head and node.head[0].kind not in _ROOTS:
            return "of-expression"
        case "constant" if node.name in ("True", "False", "None", "none"):
            return "constant"
        case "string" if "}}" in node.name or "%}" in node.name:
            return "closer-in-text"
    return _BY_KIND.get(node.kind, "")


def _of_loop(node: Node) -> Iterator[tuple[Node, str]]:
    if node.head and node.head[0].kind in _SEVERAL:
        yield node.head[0], "loop-unpacking"
    for part in (one for one in node.head[2:] if one.kind != "missing"):
        yield part, "loop-recursive" if part.kind == "word" else "loop-condition"
    for branch in node.body:
        if branch.kind == "branch" and branch.name == "else":
            yield branch._replace(span=branch.name_span or branch.span), "loop-else"
