"""All rules by their code, and the decorator that makes one of a function."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from inspect import cleandoc
from types import MappingProxyType
from typing import Any, Literal, TypeAlias

from promptls.rules.finding import Finding, Severity

Check: TypeAlias = Callable[[Any, Any], Iterable[Finding]]
Subject: TypeAlias = Literal["prompt", "document", "findings"]

CODES = (
    "answer-cut",
    "answer-filtered",
    "answer-mismatch",
    "answer-refused",
    "byte-order-mark",
    "deprecated-key",
    "duplicate-key",
    "empty-answer",
    "empty-body",
    "empty-message",
    "file-too-large",
    "front-matter-cut-short",
    "front-matter-unclosed",
    "front-matter-unread",
    "ignored-key",
    "invalid-output-schema",
    "invalid-value",
    "merge-conflict-markers",
    "misplaced-key",
    "missing-file",
    "missing-key",
    "missing-partial",
    "missing-sample",
    "mixed-versions",
    "not-portable",
    "partial-argument",
    "partial-cycle",
    "prompt-cut",
    "role-order",
    "run-incomplete",
    "sample-mismatch",
    "secret-in-file",
    "template-syntax",
    "text-before-role",
    "too-long",
    "too-many-findings",
    "unanswered-tool-call",
    "undefined-attribute",
    "undefined-variable",
    "unknown-filter",
    "unknown-helper",
    "unknown-key",
    "unknown-role",
    "unknown-tag",
    "unknown-target",
    "unknown-test",
    "unmapped-parameter",
    "unset-environment",
    "untrusted-input-in-system",
    "unused-input",
    "wrong-type",
    "wrong-use",
    "yaml-portability",
    "yaml-syntax",
)


@dataclass(frozen=True, slots=True)
class Rule:
    """``of``: what ``check`` is given before the snapshot. A rule of ``findings`` is one of the engine's own notices.

    ``syntax``: it needs nothing but the parsers, so it runs on a file of any size. ``title``: one line for lists;
    ``doc``: why, and an example behind the first ``-- name --``.
    """

    code: str
    severity: Severity
    tags: tuple[str, ...]
    of: Subject
    check: Check
    title: str
    doc: str
    syntax: bool = False


_known: dict[str, Rule] = {}


def rule(
    code: str,
    *,
    severity: Severity,
    tags: Sequence[str] = (),
    of: Subject = "prompt",
    syntax: bool = False,
) -> Callable[[Check], Check]:
    """Make a rule of a function. The module's first line is its title, the function's docstring its explanation."""

    def register(check: Check) -> Check:
        about = sys.modules[check.__module__].__doc__ or ""
        title = about.partition("\n")[0].removeprefix(f"{code}:").strip()
        doc = cleandoc(check.__doc__ or "")
        _known[code] = Rule(code, severity, tuple(tags), of, check, title, doc, syntax)
        return check

    return register


@cache
def rules() -> Mapping[str, Rule]:
    """Every rule by its code, sorted. Imports the rules' files on the first call."""
    for code in CODES:
        import_module(f"promptls.rules.{code.replace('-', '_')}")
    return MappingProxyType({code: _known[code] for code in CODES})
