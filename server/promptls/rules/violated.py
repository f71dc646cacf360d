"""Findings of what a file's YAML does against its schema, kind by kind, worded and weighed by the schema."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from promptls.prompt.model import Document
from promptls.rules.finding import Finding, Fix
from promptls.rules.reported import severity_of
from promptls.syntax.yaml import node_at
from promptls.syntax.yaml_quote import quoted
from promptls.syntax.yaml_tree import Path, Scalar

if TYPE_CHECKING:
    from promptls.schema.validate import Violation
    from promptls.workspace.snapshot import Snapshot

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
    if not isinstance(node, Scalar) or not node.text:
        return ()
    return (Fix.replace("Put the value in quotes", document.location(node.span), quoted(node.text)),)


def _is_about_output(document: Document, violation: Violation) -> bool:
    return violation.kind in _SHAPE and any(_below(prompt.output_path, violation.path) for prompt in document.prompts)


def _below(path: Path, inner: Path) -> bool:
    return bool(path) and inner[: len(path)] == path
