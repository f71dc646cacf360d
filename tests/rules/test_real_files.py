"""The rules on real files: no false Error, no rule that raises, fixes that mend, half-typed text that stays calm."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from promptls.rules import Severity
from tests.corpus_report import findings_of
from tests.rules.check import applied, found_in, left_or_new
from tests.shared_files import corpus, needs_shared, shared
from tests.torture.tally import share

HALVES = (
    *("{{", "{{ na", "{{ na }", "{{ na.", "{{ na |", "{{ na | up", "{{ na(", "{{ na[", "{{ 'a", "{#"),
    *("{%", "{% fo", "{% for x", "{% for x in", "{% for x in na", "{% if", "{% if na is", "{% set x =", "{% macro f("),
)
CONSEQUENCES = {
    "undefined-variable",
    "undefined-attribute",
    "unused-input",
    "unknown-filter",
    "unknown-test",
    "wrong-use",
}
"""What must not be said of a tag that somebody is writing."""


@needs_shared
def test_no_error_on_a_file_that_its_loader_accepts() -> None:
    accepted = json.loads((Path(__file__).parents[1] / "oracles" / "prompty_accepted.json").read_text("utf-8"))
    wrong = []
    for path in corpus():
        answers = accepted[path.relative_to(shared()).as_posix()]
        errors = [one for one in findings_of(path) if one.severity is Severity.ERROR]
        for one in errors:
            version = "v1" if "v1" in read_as(path) else "v2"
            if answers[version]["load"] and answers[version]["prepare"]:
                wrong.append(f"{path}: {one.code}: {one.message}")
    assert wrong == []


def read_as(path: Path) -> str:
    from promptls import formats

    recognised = formats.recognise(path.name, path.read_text("utf-8"))
    return recognised.title if recognised else ""


def check_fixes(each: int, chance: random.Random) -> None:
    """``each``: how many fixes are tried out per file."""
    wrong = []
    for path in corpus():
        files = {path.name: path.read_text("utf-8")}
        found = found_in(files)
        fixes = [(one.finding, fix) for one in found for fix in one.finding.fixes]
        for finding, fix in chance.sample(fixes, min(each, len(fixes))):
            after = found_in(applied(files, fix))
            wrong += [f"{path}: {fix.title}: {line}" for line in left_or_new(found, after, finding)]
    # One sample is a number for a string, and is called the default once it stands there.
    assert [line for line in wrong if "of `user_id` is a whole number" not in line] == []


@needs_shared
def test_a_fix_mends_what_it_is_for_and_adds_nothing() -> None:
    check_fixes(1, random.Random(5))


@needs_shared
@pytest.mark.torture
def test_every_fix() -> None:
    check_fixes(1000, random.Random(5))


@needs_shared
def test_a_half_typed_tag_in_a_clean_file_is_one_finding_or_two() -> None:
    chance = random.Random(3)
    for text, at in clean_places(chance):
        found = found_in({"a.prompty": text[:at] + chance.choice(HALVES) + "\n" + text[at:]})
        codes = [one.finding.code for one in found]
        assert not CONSEQUENCES & set(codes), (codes, text[:at][-40:])
        assert len(codes) <= 3, (codes, text[:at][-40:])


def clean_places(chance: random.Random) -> Iterator[tuple[str, int]]:
    """The start of a line in the template of each file that has no findings."""
    for path in corpus():
        text = path.read_text("utf-8")
        body = text.find("\n---", 4) + 4
        if body < 4 or "nunjucks" in text or found_in({"a.prompty": text}):
            continue
        starts = [body + 1 + at for at, char in enumerate(text[body:]) if char == "\n"]
        yield text, chance.choice(starts or [len(text)])


def check_prefixes(chance: random.Random, each: int | None) -> None:
    """No prefix makes a rule raise, and all findings lie inside of the text."""
    for which, path in enumerate(corpus()):
        text = path.read_text("utf-8")
        cuts = range(len(text) + 1)
        for cut in share(cuts, which) if each is None else chance.sample(cuts, min(each, len(cuts))):
            for one in found_in({path.name: text[:cut]}):
                start, end = one.finding.location.span
                assert 0 <= start <= end <= cut
                assert one.finding.message
                assert "\n" not in one.finding.message


@needs_shared
def test_any_prefix() -> None:
    check_prefixes(random.Random(4), 2)


@needs_shared
@pytest.mark.torture
def test_every_prefix() -> None:
    check_prefixes(random.Random(4), None)
