"""Holds a YAML tree against a schema and says in words, with spans, what does not fit.

JSON Schema decides what is wrong; `x-promptls` decides how bad it is (what the format's reference loader does).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any

from promptls.schema.check import BOOLEANS_11, Walk
from promptls.schema.issue import Issue, Kind, Level, name_of
from promptls.schema.navigate import View, notes_of, view
from promptls.syntax.problem import Problem
from promptls.syntax.yaml import entry_at, node_at, resolve, to_data
from promptls.syntax.yaml_tree import Entry, Node, Path, Scalar, YamlTree
from promptls.syntax.yaml_tree import Mapping as YamlMapping
from promptls.text import Span

MOST = 200
"""Violations per document: who has more has one mistake many times."""

_CUT = frozenset({"too-deep", "too-large"})


@dataclass(frozen=True, slots=True)
class Violation:
    """``path``: the key that is wrong (for a missing one: its container). ``span``: the key for problems of keys,
    the value for problems of values, the container's key (or its first key) for a missing one.

    ``severity``: what the reference loader does with it, by the schema; None where the schema does not say.
    ``data``: ``key``, ``suggestion`` (a key or value to write instead), ``known``, ``replacedBy``, ``ignoredBy``,
    ``refusedBy``, ``of`` (the schema that knows the key), ``expected`` (JSON types or allowed values), ``empty``,
    ``value`` (what to write for a missing key), ``limit`` and ``length`` (in code points), as far as known.
    """

    kind: Kind
    path: Path
    span: Span
    message: str
    severity: Level | None = None
    data: Mapping[str, Any] = field(default_factory=dict)


def violations(name: str, tree: YamlTree) -> tuple[Violation, ...]:
    """All that does not fit, in the order of the text, at most ``MOST``.

    What a broken place explains is left out. Raises LookupError for an unknown schema.
    """
    schema = view(name)
    if tree.root is None:
        return ()
    data = to_data(tree.root, tree)
    if data is None:
        return ()
    found = {(one.span, one.kind, one.message): one for one in islice(_placed(schema, tree, data), MOST)}
    return tuple(sorted(found.values(), key=lambda one: (one.span, one.kind)))


def _placed(schema: View, tree: YamlTree, data: Any) -> Iterator[Violation]:
    places = Places(tree)
    broken = [problem for problem in tree.problems if problem.code == "yaml-syntax"]
    for issue in Walk(schema).issues(data):
        span = _span(places, issue)
        if any(problem.span.overlaps(span) for problem in broken) or _explained(places, issue, broken):
            continue
        if kept := _old_boolean(schema, places, issue):
            yield Violation(kept.kind, kept.path, span, kept.message, kept.severity, kept.data)


def _explained(places: Places, issue: Issue, broken: list[Problem]) -> bool:
    """Whether it may follow from what could not be read. What is nested where does, anywhere in the header; what is
    missing does in its own map, or after where the text was cut; a plain value of a wrong type does not."""
    if not broken:
        return False
    if issue.kind == "wrong-type":
        value = places.node(issue.path)
        nested = {"object", "array"}.intersection(issue.data.get("expected", ()))
        return bool(nested) or not isinstance(value, Scalar) or not value.text
    if not (issue.kind == "missing-key" or issue.data.get("empty")):
        return False
    entry = places.entry(issue.path)
    node = entry or places.node(issue.path)
    root = places.tree.root
    if node is None or root is None:
        return True
    cut = any(problem.kind in _CUT for problem in broken)
    return (cut and node.span.end >= root.span.end) or any(node.span.touches(one.span.start) for one in broken)


def _old_boolean(schema: View, places: Places, issue: Issue) -> Issue | None:
    """The helpful word on an unquoted ``yes``, which YAML 1.1 loaders take for true and YAML 1.2 for a string."""
    if issue.kind != "wrong-type":
        return issue
    node = places.node(issue.path)
    plain = node.text if isinstance(node, Scalar) and node.style == "plain" and node.tag is None else ""
    if issue.data.get("plain"):
        return issue if plain else None
    if "boolean" not in issue.data.get("expected", ()) or plain.lower() not in BOOLEANS_11:
        return issue
    right = BOOLEANS_11[plain.lower()]
    message = f"{name_of(issue.path)}: YAML 1.2 reads `{plain}` as a string; write `{right}`"
    # A loader of YAML 1.1 understands what was meant: only other readers of the file do not.
    severity: Level | None = "information" if "yaml11" in notes_of(schema.root) else issue.severity
    return replace(issue, message=message, severity=severity, data={**issue.data, "suggestion": right})


def _span(places: Places, issue: Issue) -> Span:
    entry = places.entry(issue.path)
    node = entry.value if entry else places.node(issue.path)
    if issue.kind == "missing-key":
        if entry:
            return entry.key.span
        if isinstance(node, YamlMapping) and node.entries:
            return node.entries[0].key.span
    elif entry and (issue.at_key or entry.value.span.empty):
        return entry.key.span
    return node.span if node else Span(places.tree.span.start, places.tree.span.start)


class Places:
    """Where the paths of one tree are. It remembers the maps it looked into: 200 look-ups in a map of 20,000 keys
    would else be 4 million steps."""

    __slots__ = ("_maps", "tree")

    def __init__(self, tree: YamlTree) -> None:
        self.tree = tree
        self._maps: dict[Path, dict[str, Entry]] = {}

    def entry(self, path: Path) -> Entry | None:
        if not path or not isinstance(path[-1], str):
            return None
        parent = path[:-1]
        if parent not in self._maps:
            node = self.node(parent)
            node = resolve(self.tree, node) if node else None
            self._maps[parent] = {one.name: one for one in node.entries} if isinstance(node, YamlMapping) else {}
        # What is merged into the map (`<<`) is not among its own entries.
        return self._maps[parent].get(path[-1]) or entry_at(self.tree, path)

    def node(self, path: Path) -> Node | None:
        entry = self.entry(path)
        return entry.value if entry else node_at(self.tree, path)
