"""Codes of rules, where a file has them as keys."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from promptls.prompt.model import Document
from promptls.rules.finding import Finding, Fix
from promptls.rules.near import did_you_mean, nearest
from promptls.rules.registry import rules
from promptls.schema.navigate import notes_of, view
from promptls.syntax.yaml import to_data
from promptls.syntax.yaml_tree import Mapping, Node, Path

_CODE = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*\Z")
_DEEPEST = 4


def unknown_codes(document: Document) -> Iterator[Finding]:
    """Each key that is to be the code of a rule, by the schema (``names: rule``), and is none that there is."""
    if document.prompts or document.schema is None or document.yaml is None or document.yaml.root is None:
        return
    data = to_data(document.yaml)
    known = rules()
    for path, mapping in _mappings(document.yaml.root):
        if not _names_rules(document.schema, data, path):
            continue
        for entry in mapping.entries:
            if entry.name in known or not _CODE.match(entry.name):
                continue
            meant = nearest(entry.name, known)
            place = document.location(entry.key.span)
            fixes = tuple(Fix.replace(f"Change to `{code}`", place, code, preferred=len(meant) == 1) for code in meant)
            yield Finding(place, f"There is no rule `{entry.name}`{did_you_mean(meant)}", fixes)


def _names_rules(schema: str, data: Any, path: Path) -> bool:
    known = view(schema)
    return any(notes_of(part).get("names") == "rule" for part in known.flat(known.at(path, data), None))


def _mappings(root: Node) -> Iterator[tuple[Path, Mapping]]:
    todo: list[tuple[Path, Node]] = [((), root)]
    while todo:
        path, node = todo.pop()
        if isinstance(node, Mapping):
            yield path, node
            if len(path) < _DEEPEST:
                todo += [((*path, entry.name), entry.value) for entry in node.entries if entry.name]
