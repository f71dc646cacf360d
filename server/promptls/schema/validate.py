"""Holds a YAML tree against a schema and says in words, with spans, what does not fit.

JSON Schema decides what is wrong; `x-promptls` decides how bad it is (what the format's reference loader does).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Literal

from promptls.schema.check import Issue, Walk
from promptls.schema.navigate import view
from promptls.syntax.yaml import entry_at, node_at, to_data
from promptls.syntax.yaml_tree import Mapping as YamlMapping
from promptls.syntax.yaml_tree import Path, Scalar, YamlTree
from promptls.text import Span

Kind = Literal["unknown-key", "missing-key", "wrong-type", "invalid-value", "deprecated-key", "ignored-key"]
Level = Literal["error", "warning", "information", "hint"]
MOST = 200
"""Violations per document: who has more has one mistake many times."""


@dataclass(frozen=True, slots=True)
class Violation:
    """``path``: the key that is wrong (for a missing one: its container). ``span``: the key for problems of keys,
    the value for problems of values, the container's key (or its first key) for a missing one.

    ``severity``: what the reference loader does with it, by the schema; None where the schema does not say.
    ``data``: ``key``, ``suggestion``, ``known``, ``replacedBy``, ``ignoredBy``, ``refusedBy``, ``expected``,
    ``value`` (what should be written instead), ``of`` (the schema that knows the key), as far as known.
    """

    kind: Kind
    path: Path
    span: Span
    message: str
    severity: Level | None = None
    data: Mapping[str, Any] = field(default_factory=dict)


def violations(name: str, tree: YamlTree) -> tuple[Violation, ...]:
    """All that does not fit, in the order of the text, at most ``MOST``.

    Raises LookupError for an unknown schema.
    """
    schema = view(name)
    if tree.root is None:
        return ()
    data = to_data(tree.root, tree)
    if data is None:
        return ()
    found = {_identity(one): one for one in islice(_placed(Walk(schema), tree, data), MOST)}
    return tuple(sorted(found.values(), key=lambda one: (one.span, one.kind)))


def _identity(one: Violation) -> tuple[Any, ...]:
    return one.span, one.kind, one.message


def _placed(walk: Walk, tree: YamlTree, data: Any) -> Iterator[Violation]:
    for issue in walk.issues(data):
        issue = walk.sharpen(issue, _plain_text(tree, issue))
        yield Violation(issue.kind, issue.path, _span(tree, issue), issue.message, issue.severity, issue.data)


def _plain_text(tree: YamlTree, issue: Issue) -> str | None:
    """The text of an unquoted scalar: YAML 1.1 may read it as something else."""
    node = node_at(tree, issue.path)
    return node.text if isinstance(node, Scalar) and node.style == "plain" else None


def _span(tree: YamlTree, issue: Issue) -> Span:
    entry = entry_at(tree, issue.path) if issue.path else None
    node = entry.value if entry else node_at(tree, issue.path)
    if issue.kind == "missing-key":
        if entry:
            return entry.key.span
        if isinstance(node, YamlMapping) and node.entries:
            return node.entries[0].key.span
    elif entry and (issue.at_key or entry.value.span.empty):
        return entry.key.span
    return node.span if node else Span(tree.span.start, tree.span.start)
