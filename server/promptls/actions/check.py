"""Checks prompt files: each one's findings, or the one line that says why it could not be checked."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from promptls.actions.discover import leads_out, prompt_files, workspace_for
from promptls.actions.error import ActionError
from promptls.actions.source import UnreadableError, read_source
from promptls.prompt.model import Document
from promptls.rules.engine import findings
from promptls.rules.finding import Finding, Severity
from promptls.rules.near import did_you_mean, nearest
from promptls.rules.registry import rules
from promptls.text import Location, Span, Text
from promptls.text.uris import path_to_uri
from promptls.workspace.snapshot import Snapshot

UNREADABLE = "unreadable-file"
TOO_LARGE = "file-too-large"
_BATCH = 200
"""Files that one snapshot serves; what it has read is let go with it."""


@dataclass(frozen=True, slots=True)
class Checked:
    """One file. ``path``: relative to the working folder, with ``/``. ``document`` is None where it cannot be
    read or is no prompt file. ``texts``: of each file that a finding is in, by URI; empty for an unreadable one.
    """

    path: str
    findings: tuple[Finding, ...]
    texts: Mapping[str, Text]
    document: Document | None = None

    @property
    def looked_into(self) -> bool:
        """False for a file that was named and is no prompt file."""
        return self.document is not None or bool(self.findings)


@dataclass(frozen=True, slots=True)
class Codes:
    """Which findings count. ``only``: these alone, where any are named; ``without``: all but these."""

    only: frozenset[str] = frozenset()
    without: frozenset[str] = frozenset()

    def keep(self, code: str) -> bool:
        return (not self.only or code in self.only) and code not in self.without


def codes(only: Iterable[str] = (), without: Iterable[str] = ()) -> Codes:
    """Raises ActionError for a code that no rule has."""
    chosen = Codes(frozenset(only), frozenset(without))
    for code in sorted(chosen.only | chosen.without):
        require_code(code)
    return chosen


def require_code(code: str) -> None:
    """Raises ActionError, with the code that was probably meant, where no rule has this one."""
    known = [*rules(), UNREADABLE]
    if code in known:
        return
    hint = did_you_mean(nearest(code, known)) or "; `promptls explain` lists all of them"
    raise ActionError(f"there is no rule `{code}`{hint}", usage=True)


def check_paths(
    places: Sequence[str | Path],
    *,
    chosen: Codes | None = None,
    environment: Collection[str] | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Iterator[Checked]:
    """The files at and below the places, in a stable order. ``progress`` is told files done and files in all.

    Raises ActionError for a place that does not exist, before the first file is read.
    """
    workspace = workspace_for(places, environment=environment)
    paths = prompt_files(places, workspace.snapshot())
    return _check_all(places, paths, chosen or Codes(), environment, progress)


def _check_all(
    places: Sequence[str | Path],
    paths: Sequence[Path],
    chosen: Codes,
    environment: Collection[str] | None,
    progress: Callable[[int, int], None] | None,
) -> Iterator[Checked]:
    for start in range(0, len(paths), _BATCH):
        snapshot = workspace_for(places, environment=environment).snapshot()
        for number, path in enumerate(paths[start : start + _BATCH], start):
            if progress:
                progress(number, len(paths))
            yield _outside(path, chosen) if leads_out(path, places) else check_file(path, snapshot, chosen)
    if progress:
        progress(len(paths), len(paths))


def check_file(path: Path, snapshot: Snapshot, chosen: Codes | None = None) -> Checked:
    """One file's findings. A file that cannot be read has one finding that says so."""
    chosen = chosen or Codes()
    uri = path_to_uri(os.path.abspath(path))
    shown = shown_path(path)
    try:
        text = read_source(path)
    except UnreadableError as reason:
        return Checked(shown, _kept(chosen, [_unreadable(uri, reason)]), {uri: Text("")})
    document = snapshot.document(uri)
    if document is None:
        return Checked(shown, (), {uri: text})
    kept = _kept(chosen, findings(document, snapshot))
    others = {finding.location.uri for finding in kept} - {uri}
    texts = {other: snapshot.text(other) or Text("") for other in others}
    return Checked(shown, kept, {uri: document.text, **texts}, document)


def _outside(path: Path, chosen: Codes) -> Checked:
    uri = path_to_uri(os.path.abspath(path))
    said = f"this link leads out of the workspace, to {os.path.realpath(path)}: name it to have it checked"
    finding = Finding(Location(uri, Span(0, 0)), said, severity=Severity.INFORMATION, code=UNREADABLE)
    return Checked(shown_path(path), _kept(chosen, [finding]), {uri: Text("")})


def shown_path(path: Path | str) -> str:
    """A path as people see it: relative to the working folder where there is a way, with ``/``."""
    whole = os.path.abspath(path)
    try:
        return os.path.relpath(whole).replace(os.sep, "/")
    except ValueError:  # another drive
        return whole.replace(os.sep, "/")


def _kept(chosen: Codes, found: Iterable[Finding]) -> tuple[Finding, ...]:
    return tuple(finding for finding in found if chosen.keep(finding.code))


def _unreadable(uri: str, reason: UnreadableError) -> Finding:
    code = TOO_LARGE if reason.too_large else UNREADABLE
    severity = Severity.INFORMATION if reason.too_large or reason.folder else Severity.ERROR
    return Finding(Location(uri, Span(0, 0)), str(reason), severity=severity, code=code)
