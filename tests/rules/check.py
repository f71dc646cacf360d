"""The one way in which tests ask for findings: a workspace in text, with what is to be found marked in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from promptls.rules import Finding, Fix, engine
from promptls.rules.engine import findings
from promptls.text import Text
from promptls.text.uris import path_to_uri
from promptls.workspace.files import snapshot_of
from tests.fixtures import Fixture, Mark, differences, fixture, mark

ROOT = "/work"
REVEALS = {
    *("byte-order-mark", "front-matter-unclosed", "front-matter-cut-short", "merge-conflict-markers"),
    *("template-syntax", "yaml-syntax"),
}
"""Behind what is broken there may wait other things to be found, so the fix of one of these may add findings."""

ASIDE = {"not-portable"}
"""What a text about something else may well be, and does not mark: that it uses more than a format's subset."""


class Found(NamedTuple):
    path: str
    finding: Finding


def found_in(files: Mapping[str, str], environment: Iterable[str] | None = None) -> list[Found]:
    """All findings of all files that are prompt files, file by file."""
    snapshot = snapshot_of(files, environment, ROOT)
    engine._failed.clear()
    found = []
    for path in files:
        document = snapshot.document(uri_of(path))
        if document is not None:
            found += [Found(path, finding) for finding in findings(document, snapshot)]
    assert not engine._failed, "a rule raised; the engine's fence hides it from people, not from tests"
    return found


def check(source: str, *, environment: Iterable[str] | None = None) -> list[Found]:
    """The findings of a workspace are exactly its marks, and each of their fixes mends what it is for and adds none."""
    workspace = fixture(source)
    asked = {mark.code for mark in workspace.marks}
    found = [
        one
        for one in found_in(workspace.files, environment)
        if one.finding.code not in ASIDE or one.finding.code in asked
    ]
    wrong = differences(workspace.marks, [marked(workspace, one) for one in found])
    assert not wrong, "\n".join(["", *wrong])
    for one in found:
        for fix in one.finding.fixes:
            fixed = applied(workspace.files, fix)
            wrong = left_or_new(found, found_in(fixed, environment), one.finding)
            assert not wrong, "\n".join([fix.title, *wrong, *fixed.values()])
    return found


def check_fix(before: str, after: str, title: str = "") -> None:
    """The fix whose title starts with ``title`` (else the preferred one) of the first finding that has it makes
    ``after`` of ``before``; ``after`` shows what is left to find."""
    workspace = fixture(before)
    found = check(before)
    fixes = [
        fix for one in found for fix in one.finding.fixes if fix.title.startswith(title) and (title or fix.preferred)
    ]
    assert fixes, f"no such fix; there are {[fix.title for one in found for fix in one.finding.fixes]}"
    wanted = fixture(after)
    assert applied(workspace.files, fixes[0]) == wanted.files
    check(after)


def marked(workspace: Fixture, one: Found) -> Mark:
    text = Text(workspace.files[one.path])
    return mark(one.path, text, one.finding.location.span, one.finding.code, one.finding.message)


def applied(files: Mapping[str, str], fix: Fix) -> dict[str, str]:
    """The workspace after a fix; an edit of a file that does not exist makes it."""
    after = dict(files)
    for uri in dict.fromkeys(edit.uri for edit in fix.edits):
        path = path_of(uri)
        text = Text(files.get(path, ""))
        after[path] = text.apply((edit.span, edit.text) for edit in fix.edits if edit.uri == uri).value
    return after


def uri_of(path: str) -> str:
    return path_to_uri(f"{ROOT}/{path}")


def path_of(uri: str) -> str:
    prefix = path_to_uri(ROOT + "/x")[:-1]
    assert uri.startswith(prefix), f"{uri} is outside of the workspace"
    return uri.removeprefix(prefix)


def left_or_new(before: Iterable[Found], after: Iterable[Found], mended: Finding) -> list[str]:
    """What a fix left of its finding, or added: by code and message, because places move."""
    was, now = Counter(map(_said, before)), Counter(map(_said, after))
    new = (
        []
        if mended.code in REVEALS
        else [f"new: {code}: {message}" for code, message in now - was if code not in ASIDE]
    )
    key = _said(Found("", mended))
    return new + ([f"left: {mended.code}: {mended.message}"] if now[key] >= was[key] else [])


def _said(one: Found) -> tuple[str, str]:
    """A finding about a whole file moves to the next place of its cause when the first is mended."""
    about_file = one.finding.code == "mixed-versions"
    return one.finding.code, "" if about_file else one.finding.message
