"""Code actions: the fixes of findings at a place, and all safe fixes of a file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from promptls.ide.declare import all_inputs, declarations
from promptls.ide.silence import silencing_edit
from promptls.ide.upgrades import note_of, title_of, upgrade_at
from promptls.prompt.model import Document
from promptls.rules.engine import findings as find
from promptls.rules.finding import Finding, Fix
from promptls.text import Edit, Span

if TYPE_CHECKING:
    from promptls.workspace.snapshot import Snapshot

QUICK_FIX = "quickfix"
FIX_ALL = "source.fixAll.promptls"
REWRITE = "refactor.rewrite"
_OF_VERSIONS = ("mixed-versions", "deprecated-key")
_UNDECLARED = "undefined-variable"


@dataclass(frozen=True, slots=True)
class Action:
    """``kind``: LSP's (``quickfix``, ``source.fixAll.promptls``). ``finding``: what it mends. ``preferred``: the
    one right answer to it."""

    title: str
    kind: str
    edits: tuple[Edit, ...]
    finding: Finding | None = None
    preferred: bool = False
    note: str = ""
    """What to know before taking it, a sentence a line."""


def actions_at(document: Document, span: Span, snapshot: Snapshot, findings: tuple[Finding, ...]) -> tuple[Action, ...]:
    """What can be done at ``span``: fixes first, the preferred ones before the others, silencing last.

    ``findings`` are those of the document. Those that ``span`` touches count; where an empty span touches none,
    those of its line.
    """
    near = _near(document, span, findings)
    actions = [
        Action(fix.title, QUICK_FIX, fix.edits, finding, fix.preferred)
        for finding in near
        for fix in sorted(finding.fixes, key=lambda fix: not fix.preferred)
    ]
    actions += _declare_all(document, snapshot, near, findings)
    rewritten = list(_upgrade(document, span, snapshot, near))
    actions += rewritten[1:]
    actions += _silence(document, near)
    rewritten = [*_declare_inputs(document, span, snapshot), *rewritten[:1]]
    return (*_without_twins(actions), *rewritten)


def fix_all(document: Document, snapshot: Snapshot, findings: tuple[Finding, ...] | None = None) -> tuple[Edit, ...]:
    """All safe fixes of the document at once; the edits do not overlap and change no other file. ``findings``: those of
    the document, where they are known."""
    taken: list[Edit] = []
    for finding in find(document, snapshot) if findings is None else findings:
        fix = next((fix for fix in finding.fixes if fix.safe and _stays_inside(fix, document)), None)
        if fix is None:
            continue
        new = [edit for edit in fix.edits if edit not in taken]
        if not any(_clash(edit, other) for edit in new for other in taken):
            taken += new
    return tuple(sorted(taken, key=lambda edit: edit.span))


def _near(document: Document, span: Span, findings: Iterable[Finding]) -> list[Finding]:
    own = [finding for finding in findings if finding.location.uri == document.uri]
    near = [one for one in own if one.location.span.touches(span.start) or one.location.span.overlaps(span)]
    if near or not span.empty:
        return near
    line = document.text.line_at(span.start)
    return [one for one in own if document.text.line_at(one.location.span.start) == line]


def _declare_all(
    document: Document, snapshot: Snapshot, near: Iterable[Finding], findings: Iterable[Finding]
) -> Iterator[Action]:
    """One action for all names that nothing declares, where the cursor is at one of several."""
    here = next((finding for finding in near if finding.code == _UNDECLARED and finding.fixes), None)
    if here is None:
        return
    names: dict[str, None] = {}
    prompt = document.prompt_at(here.location.span.start)
    for finding in findings:
        span = finding.location.span
        if finding.code == _UNDECLARED and prompt and prompt.span.covers(span):
            names.setdefault(span.slice(document.text.value))
    if prompt is None or len(names) < 2:
        return
    edits = declarations(document, prompt, names, snapshot)
    if edits:
        yield Action(f"Declare all {len(names)} undeclared inputs", QUICK_FIX, edits, here)


def _declare_inputs(document: Document, span: Span, snapshot: Snapshot) -> Iterator[Action]:
    """All that the template reads, where nothing is declared yet."""
    found = all_inputs(document, span.start, snapshot)
    if found is not None:
        yield Action(found[0], REWRITE, found[1])


def _upgrade(document: Document, span: Span, snapshot: Snapshot, near: Iterable[Finding]) -> Iterator[Action]:
    """The whole file for the current version of its format; also as what mends a key of the old one."""
    made = upgrade_at(document, span, snapshot)
    if made is None:
        return
    title, note = title_of(made, document), note_of(made, document)
    yield Action(title, REWRITE, made.edits, note=note)
    finding = next((finding for finding in near if finding.code in _OF_VERSIONS), None)
    if finding is not None:
        yield Action(title, QUICK_FIX, made.edits, finding, note=note)


def _silence(document: Document, near: Iterable[Finding]) -> Iterator[Action]:
    for finding in near:
        edit = silencing_edit(document, finding)
        if edit:
            yield Action(f"Suppress `{finding.code}` here", QUICK_FIX, (edit,), finding)


def _without_twins(actions: Iterable[Action]) -> Iterator[Action]:
    """Two findings may have the same cure; it is offered once."""
    seen: set[tuple[Edit, ...]] = set()
    for action in actions:
        if action.edits and action.edits not in seen:
            seen.add(action.edits)
            yield action


def _stays_inside(fix: Fix, document: Document) -> bool:
    return all(edit.uri == document.uri for edit in fix.edits)


def _clash(one: Edit, other: Edit) -> bool:
    """Whether they overlap, or meet where their order would matter."""
    if one.span.empty or other.span.empty:
        return one.span.start <= other.span.end and other.span.start <= one.span.end
    return one.span.overlaps(other.span)
