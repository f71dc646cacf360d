"""Code actions: fixes where the findings are, everything at once, silence."""

from __future__ import annotations

import itertools

from promptls.ide.actions import Action, actions_at, fix_all
from promptls.prompt.model import Document
from promptls.rules.engine import findings
from promptls.rules.finding import Finding, Fix
from promptls.text import Edit, Location, Span
from tests.ide.place import Place, place, read


def offered(source: str) -> tuple[Place, tuple[Action, ...]]:
    where = place(source)
    known = findings(where.document, where.snapshot)
    return where, actions_at(where.document, Span(where.offset, where.offset), where.snapshot, known)


def titles(source: str) -> list[str]:
    return [action.title for action in offered(source)[1]]


def taken(source: str, title: str) -> Document:
    """The document after the action whose title begins so."""
    where, actions = offered(source)
    action = next((action for action in actions if action.title.startswith(title)), None)
    assert action is not None, f"{title!r} is not among {[action.title for action in actions]}"
    after = where.document.text.apply((edit.span, edit.text) for edit in action.edits)
    return read(after.value).document


def codes(document: Document) -> list[str]:
    return [finding.code for finding in findings(document, read(document.text.value).snapshot)]


GREET = """---
name: greet
inputs:
  tone: {kind: string, default: kind}
---
user:
Be {{ tone }}. Hello {{ na█me }} {{ other }} {{ name }}
"""


def test_a_fix_is_tied_to_its_finding() -> None:
    _, actions = offered(GREET)
    assert actions[0].finding is not None
    assert actions[0].finding.code == "undefined-variable"
    assert actions[0].kind == "quickfix"


def test_all_undeclared_names_at_once() -> None:
    after = taken(GREET, "Declare all 2 undeclared inputs")
    assert [item.name for item in after.prompts[0].inputs] == ["tone", "name", "other"]
    assert "undefined-variable" not in codes(after)


def test_one_undeclared_name_has_no_such_action() -> None:
    assert not [title for title in titles(GREET.replace("{{ other }}", "")) if title.startswith("Declare all")]


def test_silence_in_the_template_changes_no_message() -> None:
    after = taken(GREET.replace("{{ other }} ", ""), "Suppress `undefined-variable` here")
    assert after.text.value.endswith("{{ name }}{# promptls: ignore[undefined-variable] #}\n")
    assert "undefined-variable" not in codes(after)


def test_silence_in_the_header_is_a_line_of_its_own() -> None:
    source = "---\nname: x\nmodel:\n  id: a\n  provder█: openai\n---\nuser:\nhi\n"
    after = taken(source, "Suppress `unknown-key` here")
    assert "\n  # promptls: ignore[unknown-key]\n  provder" in after.text.value
    assert "unknown-key" not in codes(after)


def test_silence_above_a_role_line() -> None:
    source = "---\nname: x\n---\nsystem:\nBe kind.\nusr█:\nhi\n"
    _, actions = offered(source)
    for action in actions:
        if action.title.startswith("Suppress"):
            (edit,) = action.edits
            assert not edit.text.startswith("\n")


def test_the_last_are_those_that_silence() -> None:
    found = titles(GREET)
    silences = [title.startswith("Suppress") for title in found]
    assert silences == sorted(silences)
    assert any(silences)


def test_a_cursor_beside_the_finding_gets_what_its_line_has() -> None:
    source = GREET.replace("█", "").replace("{{ other }} ", "").replace("Be {{", "B█e {{")
    assert any("name" in title for title in titles(source))


def test_the_same_cure_is_offered_once() -> None:
    document = place(GREET).document
    edit = Edit(document.uri, Span(0, 0), "x")
    at = Location(document.uri, Span(0, 3))
    known = tuple(Finding(at, text, (Fix("Mend", (edit,)),), code=code) for text, code in (("a", "a"), ("b", "b")))
    actions = actions_at(document, Span(0, 0), place(GREET).snapshot, known)
    assert [action.title for action in actions if action.title == "Mend"] == ["Mend"]


def test_all_safe_fixes_at_once() -> None:
    where = place("---\nname: x\nmodel: {id: a, options: {max_tokens: 3, top_p: 0.5}}\n---\nuser:\nhi\n")
    edits = fix_all(where.document, where.snapshot)
    spans = [edit.span for edit in edits]
    assert spans == sorted(spans)
    assert all(not one.overlaps(other) for one, other in itertools.pairwise(spans))
    after = read(where.document.text.apply((edit.span, edit.text) for edit in edits).value).document
    assert len(codes(after)) <= len(codes(where.document))
