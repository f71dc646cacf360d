"""Findings of what a file's YAML does against its schema, kind by kind, worded and weighed by the schema."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from promptls.prompt.model import Document
from promptls.rules.finding import Finding, Fix
from promptls.rules.reported import severity_of
from promptls.syntax.yaml import node_at
from promptls.syntax.yaml_quote import quoted
from promptls.syntax.yaml_tree import Mapping, Path, Scalar, Sequence
from promptls.text import Span

if TYPE_CHECKING:
    from promptls.schema.validate import Violation
    from promptls.workspace.snapshot import Snapshot

_COMMENT = re.compile(r"(?:^|\s)#")
_LIST = re.compile(r"[\r\n'\"]")
"""What shows that a list in brackets is meant as one."""
_SHAPE = ("missing-key", "wrong-type", "invalid-value")
"""What makes the declared shape of an answer useless; a slip in a key's name is one like any other."""


def violations_of(document: Document, snapshot: Snapshot, kind: str) -> Iterator[Violation]:
    """All of a kind but those that are about the shape of the answer, which has a rule of its own."""
    for violation in snapshot.violations(document):
        if violation.kind == kind and not _is_about_output(document, violation):
            yield violation


def output_violations(document: Document, snapshot: Snapshot) -> Iterator[Violation]:
    return (violation for violation in snapshot.violations(document) if _is_about_output(document, violation))


def violated(document: Document, violation: Violation, *fixes: Fix) -> Finding:
    """A violation as a finding, as severe as the format's reference loader makes it."""
    place = document.location(violation.span)
    return Finding(place, violation.message, fixes, severity=severity_of(violation.severity))


def value_fixes(document: Document, violation: Violation) -> tuple[Fix, ...]:
    """What was meant, where that is plain: a near value, `true` for `yes`, a string for what YAML reads as a number."""
    meant = violation.data.get("suggestion")
    if violation.kind == "missing-key":
        return ()
    if isinstance(meant, str):
        return (Fix.replace(f"Change to `{meant}`", document.location(violation.span), meant),)
    if violation.kind != "wrong-type" or "string" not in violation.data.get("expected", ()):
        return ()
    node = node_at(document.yaml, violation.path) if document.yaml else None
    if isinstance(node, Sequence):
        return _text_for(document, violation, node)
    if not isinstance(node, Scalar) or not node.text:
        return ()
    return (Fix.replace("Put the value in quotes", document.location(node.span), quoted(node.text)),)


def _text_for(document: Document, violation: Violation, node: Sequence) -> tuple[Fix, ...]:
    """The text that a list stands for: its parts with what the schema has between them, else `[file]` as it is written.

    None where a comment, or something that is no text, would be lost.
    """
    written, joined = node.span.slice(document.text.value), violation.data.get("joined")
    items = [item.text for item in node.items if isinstance(item, Scalar) and item.value is not None]
    holder = node_at(document.yaml, violation.path[:-1]) if document.yaml else None
    entry = holder.entry(str(violation.path[-1])) if isinstance(holder, Mapping) else None
    if entry is None or not node.items or _COMMENT.search(written):
        return ()
    if joined and len(items) == len(node.items):
        title, meant = "Write one text", str(joined).join(items)
    elif node.flow and not joined and not _LIST.search(written):
        title, meant = "Put the value in quotes", written
    else:
        return ()
    place = document.location(Span(entry.key.span.end, node.span.end))
    return (Fix.replace(title, place, f": {quoted(meant)}"),)


def _is_about_output(document: Document, violation: Violation) -> bool:
    return violation.kind in _SHAPE and any(_below(prompt.output_path, violation.path) for prompt in document.prompts)


def _below(path: Path, inner: Path) -> bool:
    return bool(path) and inner[: len(path)] == path
