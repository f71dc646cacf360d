"""What Dotprompt's loader refuses in a header beside what the schema says.

It reads a subset of YAML that all its implementations agree on (dotpromptz 0.2.0 ``_parse.py``,
``RestrictedFrontmatterLoader``): no anchors, no aliases, no tags, no keys but strings, no key twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from promptls.syntax.problem import Problem
from promptls.syntax.yaml import to_data
from promptls.syntax.yaml_quote import quoted
from promptls.syntax.yaml_tree import Alias, Mapping, Node, Scalar, Sequence, YamlTree
from promptls.text import Span

MOST = 10_000


def refused(tree: YamlTree) -> Iterator[Problem]:
    if tree.root is None:
        return
    if isinstance(tree.root, Sequence) or (isinstance(tree.root, Scalar) and len(tree.root.text.split()) > 1):
        # One word may become the first key.
        yield _problem(tree.root.span, "The header must be a map of keys to values")
    for entry in tree.root.entries if isinstance(tree.root, Mapping) else ():
        empty = isinstance(entry.value, Scalar) and entry.value.value is None
        if entry.name in ("ext", "raw") and not isinstance(entry.value, Mapping | Alias) and not empty:
            yield _problem(entry.value.span, f"`{entry.name}` must be a map: Dotprompt refuses the file")
    todo: list[tuple[Node, bool]] = [(tree.root, False)]
    left = MOST
    while todo and left:
        left -= 1
        node, flow = todo.pop()
        if isinstance(node, Alias):
            yield _problem(node.span, f"Dotprompt refuses aliases: write out what `*{node.name}` stands for")
            continue
        if node.anchor is not None:
            yield _problem(node.span, f"Dotprompt refuses anchors: remove `&{node.anchor}`")
        if node.tag is not None:
            yield _problem(node.span, f"Dotprompt refuses tags of types: remove `{node.tag}`")
        if isinstance(node, Mapping):
            keys = ((entry.key, _wrong_key(tree, entry.key)) for entry in node.entries)
            yield from (_problem(key.span, wrong) for key, wrong in keys if wrong)
            flow = flow or node.flow
            if flow:
                yield from _question_marks(entry.key for entry in node.entries)
            todo.extend((entry.value, flow) for entry in reversed(node.entries))
        elif isinstance(node, Sequence):
            todo.extend((item, flow or node.flow) for item in reversed(node.items))
        elif flow:
            yield from _question_marks([node])


def yaml_problems(tree: YamlTree) -> Iterator[Problem]:
    """YAML's own, as grave as they are here."""
    for problem in tree.problems:
        if problem.code == "duplicate-key":
            message = problem.message.partition(":")[0] + ": Dotprompt refuses the file"
            problem = replace(problem, message=message, data={**problem.data, "severity": "error", "refused": True})
        yield problem


def _wrong_key(tree: YamlTree, key: Node) -> str:
    if not isinstance(key, Scalar):
        return "Dotprompt refuses keys that are no strings"
    if key.style != "plain" or not key.text:
        return ""
    read = to_data(key, tree, yaml11=True)
    if isinstance(read, bool):
        return f'Dotprompt reads `{key.text}` as {str(read).lower()}, and refuses such a key: write `"{key.text}"`'
    if key.text == "<<":
        return "Dotprompt refuses `<<`: write the keys out"
    return "" if isinstance(read, str) else f'Dotprompt refuses keys that are no strings: write `"{key.text}"`'


def _question_marks(nodes: Iterable[Node]) -> Iterator[Problem]:
    """PyYAML ends an unquoted word inside of `{…}` and `[…]` at a question mark; YAML 1.2 and JavaScript do not."""
    for node in nodes:
        if isinstance(node, Scalar) and node.style == "plain" and "?" in node.text:
            new = quoted(node.text)
            message = f"Dotprompt in Python refuses an unquoted `?` inside of braces and brackets: write `{new}`"
            yield replace(_problem(node.span, message), data={"severity": "error", "refused": True, "replacement": new})


def _problem(span: Span, message: str) -> Problem:
    return Problem(span, "invalid-value", message, "restricted-yaml", {"severity": "error", "refused": True})
