"""Code actions: the fixes of findings at a place, and all safe fixes of a file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from promptls import formats
from promptls.ide.silence import silencing_edit
from promptls.prompt.infer import infer_types
from promptls.prompt.model import Document, Prompt
from promptls.prompt.types import ANY
from promptls.rules.engine import findings as find
from promptls.rules.finding import Finding, Fix
from promptls.text import Edit, Span, Text

if TYPE_CHECKING:
    from promptls.workspace.snapshot import Snapshot

QUICK_FIX = "quickfix"
FIX_ALL = "source.fixAll.promptls"
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
    actions += _declare_all(document, near, findings)
    actions += _silence(document, near)
    return tuple(_without_twins(actions))


def fix_all(document: Document, snapshot: Snapshot) -> tuple[Edit, ...]:
    """All safe fixes of the document at once; the edits do not overlap and change no other file."""
    taken: list[Edit] = []
    for finding in find(document, snapshot):
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


def _declare_all(document: Document, near: Iterable[Finding], findings: Iterable[Finding]) -> Iterator[Action]:
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
    edits = _declare(document, prompt, names)
    if edits:
        yield Action(f"Declare all {len(names)} undeclared inputs", QUICK_FIX, edits, here)


def _declare(document: Document, prompt: Prompt, names: Iterable[str]) -> tuple[Edit, ...]:
    """One edit that declares all names. Each declaration is written into what the ones before it made: the first
    may have to start the list that the others go into."""
    types = infer_types(prompt.template.analysis) if prompt.template else {}
    index = document.prompts.index(prompt)
    now: Document = document
    for name in names:
        edits = formats.declare_input(now, now.prompts[index], name, types.get(name, ANY))
        if not edits or any(edit.uri != document.uri for edit in edits):
            return ()
        text = now.text.apply((edit.span, edit.text) for edit in edits)
        read = formats.read(document.uri, text, as_format=document.recognised.format)
        if read is None or len(read.prompts) <= index:
            return ()
        now = read
    return _difference(document, now.text)


def _difference(document: Document, after: Text) -> tuple[Edit, ...]:
    """The one edit between two texts, without what they share at both ends."""
    old, new = document.text.value, after.value
    shorter = min(len(old), len(new))
    start = next((at for at in range(shorter) if old[at] != new[at]), shorter)
    tail = next((at for at in range(shorter - start) if old[-1 - at] != new[-1 - at]), shorter - start)
    if old == new:
        return ()
    return (Edit(document.uri, Span(start, len(old) - tail), new[start : len(new) - tail]),)


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
