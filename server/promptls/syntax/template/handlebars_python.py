"""What dotpromptz-handlebars 0.2.0 refuses, or reads otherwise, of templates that handlebars.js accepts.

For formats whose reference loader it is. Each problem says what to write so that both read it.
"""

from __future__ import annotations

from collections.abc import Iterator

from promptls.syntax.problem import Problem
from promptls.syntax.template.tree import Node, TemplateTree
from promptls.text import Span

_KINDS = frozenset(["branch", "statement", "name", "attribute"])
_KNOWN_CHAINS = ("else if", "else unless")


def python_problems(tree: TemplateTree, text: str) -> tuple[Problem, ...]:
    """Problems of rule ``template-syntax``, in the order of the text; of kind ``not-supported``, with ``expected``
    where another spelling of the place does the same."""
    nodes = (node for node in tree.root.walk() if node.kind in _KINDS)
    return tuple(problem for node in nodes for problem in _problems_of(node, text))


def _problems_of(node: Node, text: str) -> Iterator[Problem]:
    if node.kind == "branch" and node.name == "^" and node.tag:
        left = "~" if text.startswith("{{~", node.tag.start) else ""
        right = "~" if text.endswith("~}}", node.tag.start, node.tag.end) else ""
        expected = f"{{{{{left}else{right}}}}}"
        yield _problem(node.tag, f"Handlebars in Python refuses this spelling of `{expected}`", expected=expected)
    elif node.kind == "branch" and node.name.startswith("else ") and node.name not in _KNOWN_CHAINS and node.tag:
        message = f"Handlebars in Python reads `{node.name}` as a plain `else`; open the block inside of `{{{{else}}}}`"
        yield _problem(node.tag, message, severity="warning")
    elif node.kind == "statement" and node.name == "*" and node.tag:
        yield _problem(node.tag, "Handlebars in Python refuses decorators")
    elif node.kind in ("name", "attribute") and node.name.isdigit():
        place = node.name_span or node.span
        if not text.startswith("[", place.start - 1):
            message = "Handlebars in Python refuses a number in a path without brackets"
            yield _problem(place, message, expected=f"[{node.name}]")


def _problem(span: Span, message: str, **data: str) -> Problem:
    return Problem(span, "template-syntax", message, "not-supported", data)
