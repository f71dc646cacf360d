"""Prompts of a commit beside those of now. Both sides see their own partials, samples and configuration."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from promptls import formats
from promptls.actions.diff.declared import differences
from promptls.actions.discover import leads_out, prompt_files, workspace_for
from promptls.actions.error import ActionError
from promptls.actions.git import Commit, commit_of
from promptls.actions.preview.make import make_preview
from promptls.actions.preview.model import Preview
from promptls.prompt.model import Document, Prompt
from promptls.render import Renderer
from promptls.text.uris import path_to_uri, uri_to_path
from promptls.workspace.files import Workspace
from promptls.workspace.snapshot import Snapshot

_MOST_SAMPLES = 10


@dataclass(frozen=True, slots=True)
class SampleChange:
    """``before`` or ``after`` is None where there was or is no such prompt."""

    title: str
    before: Preview | None
    after: Preview | None


@dataclass(frozen=True, slots=True)
class PromptChange:
    """``status``: ``changed``, ``new`` or ``removed``. ``declared``: sentences on inputs, model, tools and answer.
    ``because``: files that it reads and that changed, where it did not change itself. ``left_out``: how many samples
    were not compared."""

    path: str
    name: str
    status: str
    declared: tuple[str, ...] = ()
    samples: tuple[SampleChange, ...] = ()
    because: tuple[str, ...] = ()
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class Comparison:
    """``ref``: as the person wrote it, ``commit``: its id. ``looked_at``: how many prompt files there are now."""

    ref: str
    commit: str
    changes: tuple[PromptChange, ...]
    looked_at: int = 0


def compare_files(places: Iterable[Path], ref: str = "HEAD") -> Comparison:
    """All prompt files below ``places`` that are not what they were in a commit. Raises ActionError."""
    below = [Path(place) for place in places] or [Path()]
    commit = commit_of(str(below[0]), ref)
    after = workspace_for(below).snapshot()
    found = prompt_files([place for place in below if place.exists()], after)
    there = [os.path.abspath(path) for path in found if not leads_out(path, below)]
    before = _snapshot(commit)
    gone = [path for path in _prompts_of(commit, below) if path not in set(there) and not os.path.exists(path)]
    changes: list[PromptChange] = []
    with Renderer() as renderer:
        for path in sorted({*there, *gone}):
            uri = path_to_uri(path)
            because = _because(commit, after, uri, path)
            if because is not None:
                shown = os.path.relpath(path, commit.root).replace("\\", "/")
                changes += _changes(shown, before, after, uri, renderer, because)
    return Comparison(ref, commit.id, tuple(changes), len(there))


def compare_with_head(document: Document, snapshot: Snapshot, renderer: Renderer, *, ref: str = "HEAD") -> Comparison:
    """The buffer, unsaved edits included, beside the file in a commit. Raises ActionError."""
    path = uri_to_path(document.uri)
    if path is None:
        raise ActionError("Save the prompt first: there is no earlier version of a buffer without a file")
    commit = commit_of(path, ref)
    shown = os.path.relpath(path, commit.root).replace("\\", "/")
    found = _changes(shown, _snapshot(commit), snapshot, document.uri, renderer, ())
    changes = tuple(change for change in found if change.status != "changed" or is_different(change))
    return Comparison(ref, commit.id, changes, 1)


def is_different(change: PromptChange) -> bool:
    """Whether a run would send anything else, or is declared otherwise."""
    return bool(change.declared) or any(
        sample.before is None or sample.after is None or not same_messages(sample.before, sample.after)
        for sample in change.samples
    )


def same_messages(before: Preview, after: Preview) -> bool:
    pairs = [[(message.role, message.parts, message.metadata) for message in one.messages] for one in (before, after)]
    return pairs[0] == pairs[1] and bool(before.messages) == bool(after.messages)


def _snapshot(commit: Commit) -> Snapshot:
    workspace = Workspace(commit)
    workspace.set_folders([path_to_uri(commit.root)])
    return workspace.snapshot()


def _prompts_of(commit: Commit, places: Iterable[Path]) -> Iterator[str]:
    bounds = [os.path.abspath(place) for place in places]
    for below in commit.blobs:
        path = os.path.join(commit.root, *below.split("/"))
        if formats.is_prompt_file(path) and any(path == one or path.startswith(one + os.sep) for one in bounds):
            yield path


def _because(commit: Commit, after: Snapshot, uri: str, path: str) -> tuple[str, ...] | None:
    """The files for which a prompt is to be looked at; empty for its own sake, None where nothing changed."""
    if not commit.same(path):
        return ()
    sources = [source for key in sorted(after.sources(uri)) if (source := uri_to_path(key))]
    changed = [os.path.relpath(source, commit.root) for source in sources if not commit.same(source)]
    return tuple(name.replace("\\", "/") for name in changed) or None


def _changes(
    shown: str, before: Snapshot, after: Snapshot, uri: str, renderer: Renderer, because: tuple[str, ...]
) -> Iterator[PromptChange]:
    old, new = before.document(uri), after.document(uri)
    for one, other in _pairs(old, new):
        titles = _titles(one, other)
        sides = (old, one, before), (new, other, after)
        samples = tuple(_sample(title, *sides, renderer) for title in titles[:_MOST_SAMPLES])
        left_out = max(len(titles) - _MOST_SAMPLES, 0)
        if one is None or other is None:
            made = one or other
            assert made is not None
            yield PromptChange(shown, made.name, "removed" if other is None else "new", (), samples, because, left_out)
            continue
        declared = tuple(differences(one, other))
        change = PromptChange(shown, other.name, "changed", declared, samples, because, left_out)
        if is_different(change) or not because:
            yield change


def _pairs(old: Document | None, new: Document | None) -> Iterator[tuple[Prompt | None, Prompt | None]]:
    """The prompts of a file that are the same one: the only ones, else those of one name."""
    before, after = (old.prompts if old else ()), (new.prompts if new else ())
    if len(before) == len(after) == 1:
        yield before[0], after[0]
        return
    names = {prompt.name: prompt for prompt in before}
    for prompt in after:
        yield names.pop(prompt.name, None), prompt
    for prompt in names.values():
        yield prompt, None


_Side = tuple[Document | None, Prompt | None, Snapshot]


def _titles(before: Prompt | None, after: Prompt | None) -> list[str]:
    """Of all samples, those of now first; one without a name where there are none."""
    titles = [sample.title for prompt in (after, before) if prompt for sample in prompt.samples]
    return list(dict.fromkeys(titles)) or [""]


def _sample(title: str, before: _Side, after: _Side, renderer: Renderer) -> SampleChange:
    return SampleChange(title, _preview(before, title, after, renderer), _preview(after, title, before, renderer))


def _preview(side: _Side, title: str, other: _Side, renderer: Renderer) -> Preview | None:
    """With the values of that sample; a side that does not have it takes them from the other one."""
    document, prompt, snapshot = side
    if document is None or prompt is None:
        return None
    number = next((at for at, sample in enumerate(prompt.samples, 1) if sample.title == title), None)
    values = None
    if number is None and other[1] is not None:
        values = next((sample.values for sample in other[1].samples if sample.title == title), None)
    return make_preview(document, prompt, snapshot, renderer, sample=number, inputs=values)
