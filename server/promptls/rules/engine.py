"""Runs the rules over one document: fenced, configured, suppressed, sorted and capped."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING, Any

from promptls.prompt.model import Document
from promptls.rules.conflicts import conflicts_in, is_in_conflict
from promptls.rules.explain import explain
from promptls.rules.finding import Finding, Severity
from promptls.rules.registry import Rule, rules
from promptls.rules.suppress import suppressions
from promptls.rules.too_many_findings import MOST
from promptls.workspace.disk import FULL_LIMIT, SYNTAX_LIMIT

if TYPE_CHECKING:
    from promptls.workspace.snapshot import Snapshot

__all__ = ["explain", "findings"]

_log = logging.getLogger("promptls")
_failed: set[str] = set()
_CONFLICT = "merge-conflict-markers"
"""It speaks for both sides of an unfinished merge: no other rule does."""


def findings(document: Document, snapshot: Snapshot) -> tuple[Finding, ...]:
    """What the rules find in a document, in the order of the text, at most `MOST` and one that says there are more.

    Never raises: a rule that fails is logged once per process, without the file's text, and the others go on.
    """
    size = len(document.text)
    config, path = snapshot.config(document.uri), snapshot.relative(document.uri)
    levels = {code: config.severity(code, path) for code in rules()}
    if size > SYNTAX_LIMIT:
        return tuple(_of(rules()["file-too-large"], levels, document, snapshot))
    syntax_only = size > FULL_LIMIT or not document.prompt_like
    silent = suppressions(document)
    unmerged = conflicts_in(document.text.value)
    text = document.text
    found: dict[tuple[Any, ...], Finding] = {}
    for rule in rules().values():
        if rule.of == "findings" or (syntax_only and not rule.syntax):
            continue
        for finding in _of(rule, levels, document, snapshot):
            span = finding.location.span
            if unmerged and rule.code != _CONFLICT and is_in_conflict(unmerged, span):
                continue
            if not silent.silence(rule.code, text.line_at(span.start)):
                found.setdefault((span, finding.code, finding.location.uri), finding)
    ordered = [found[key] for key in sorted(found)]
    return (*ordered[:MOST], *_of(rules()["too-many-findings"], levels, document, snapshot, ordered))


def _of(
    rule: Rule,
    levels: Mapping[str, str | None],
    document: Document,
    snapshot: Snapshot,
    ordered: list[Finding] | None = None,
) -> Iterator[Finding]:
    """The findings of one rule at the severity that the configuration gives it."""
    level = levels[rule.code]
    if level == "off":
        return
    for finding in _fenced(rule, document, snapshot, ordered):
        severity = Severity[level.upper()] if level else finding.severity or rule.severity
        yield replace(finding, code=rule.code, severity=severity, tags=finding.tags or rule.tags)


def _fenced(rule: Rule, document: Document, snapshot: Snapshot, ordered: list[Finding] | None) -> Iterable[Finding]:
    found: list[Finding] = []
    subjects: Iterable[Any] = {"prompt": document.prompts, "document": (document,), "findings": (ordered,)}[rule.of]
    try:
        for subject in subjects:
            found += islice(rule.check(subject, snapshot), MOST + 1)
    except Exception as error:
        if rule.code not in _failed:
            _failed.add(rule.code)
            # The error's own text may quote the file; its place in the code is enough to find it.
            _log.error("the rule %s failed with %s at %s", rule.code, type(error).__name__, _place(error))
    return found


def _place(error: BaseException) -> str:
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else "an unknown place"
