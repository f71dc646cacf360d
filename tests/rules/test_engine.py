"""The engine: what is configured, what is silenced, what happens when a rule fails, and where it stops."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import replace
from types import MappingProxyType
from typing import Any

import pytest

from promptls.rules import Finding, Severity, engine, registry
from promptls.rules.engine import findings
from promptls.workspace.files import snapshot_of
from tests.rules.check import check, found_in, uri_of

UNUSED = """---
name: greet
inputs:
  tone: {kind: string}
---
user:
Hello
"""


def severities(config: str, path: str = "a.prompty", text: str = UNUSED) -> dict[str, str]:
    found = found_in({path: text, "promptls.yaml": config})
    return {one.finding.code: one.finding.severity.label for one in found if one.finding.severity}


def test_a_rule_has_the_severity_that_the_configuration_gives_it() -> None:
    assert severities("") == {"unused-input": "hint"}
    assert severities("rules: {unused-input: error}\n") == {"unused-input": "error"}
    assert severities("rules: {unused-input: off}\n") == {}


def test_a_pattern_overrules_it_for_its_files() -> None:
    config = 'rules: {unused-input: off, "old/**": {unused-input: warning}}\n'
    assert severities(config) == {}
    assert severities(config, "old/a.prompty") == {"unused-input": "warning"}


def test_a_comment_silences_its_line_and_the_next() -> None:
    check(
        """
        ---
        name: greet
        inputs:
          tone: {kind: string}  # promptls: ignore[unused-input]
          # promptls: ignore[other, unused-input]
          size: {kind: string}
          city: {kind: string}
        ---
        user:
        {# promptls: ignore[undefined-variable] #}
        {{ a }}
        {{ b }}
           ^ undefined-variable: `b` is not declared
        {{ city }}
        """
    )


def test_a_comment_silences_a_file() -> None:
    check(
        """
        ---
        # promptls: ignore-file[unused-input]
        name: greet
        inputs:
          tone: {kind: string}
          size: {kind: string}
        ---
        user:
        Hello
        """
    )
    check(
        """
        ---
        name: greet
        template: {format: mustache, parser: prompty}
        inputs:
          tone: {kind: string}
        ---
        user:
        Hello{{! promptls: ignore-file[unused-input] }}
        """
    )


def test_a_heading_is_no_comment() -> None:
    check(
        """
        ---
        name: greet
        inputs:
          tone: {kind: string}
        ---
        user:
        # promptls: ignore[undefined-variable]
        {{ tne }}{{ tone }}
           ^^^ undefined-variable: …
        """
    )


def failing(subject: Any, snapshot: Any) -> Iterator[Finding]:
    raise ValueError("secret text of the file")


def test_a_rule_that_fails_is_logged_once_and_the_others_go_on(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    broken = replace(registry.rules()["undefined-variable"], code="broken", check=failing)
    monkeypatch.setattr(engine, "rules", lambda: MappingProxyType({**registry.rules(), "broken": broken}))
    monkeypatch.setattr(engine, "_failed", set())
    with caplog.at_level(logging.ERROR, "promptls"):
        for _ in range(2):
            snapshot = snapshot_of({"a.prompty": UNUSED}, root="/work")
            document = snapshot.document(uri_of("a.prompty"))
            assert document is not None
            assert [finding.code for finding in findings(document, snapshot)] == ["unused-input"]
    assert len(caplog.records) == 1
    assert "broken failed with ValueError" in caplog.text
    assert "secret" not in caplog.text


def test_only_the_first_thousand_are_kept() -> None:
    names = "".join(f"{{{{ a{number} }}}}\n" for number in range(1200))
    text = UNUSED.replace("Hello", f"{{{{ tone }}}}\n{names}")
    found = [one.finding for one in found_in({"a.prompty": text})]
    assert len(found) == 1001
    assert found[-1].code == "too-many-findings"
    assert found[-1].message == "More findings from here on are not shown"
    assert [one.location.span for one in found] == sorted(one.location.span for one in found)


def test_a_large_file_is_checked_for_its_syntax_only_and_says_so() -> None:
    text = UNUSED.replace("Hello", "{{ nme }}\n{% if x %}\n" + "a line of text\n" * 70_000)
    said, broken = found_in({"a.prompty": text})
    assert (said.finding.code, broken.finding.code) == ("file-too-large", "template-syntax")
    assert said.finding.message.startswith("Only the syntax is checked: this file has 1,050,")
    assert found_in({"page.j2": "<p>{{ nme }}</p>\n" * 70_000}) == [], "no prompt is checked for more anyway"


def test_a_huge_file_is_not_looked_into() -> None:
    text = UNUSED.replace("Hello", "{% if x %}\n" + "a line of text\n" * 350_000)
    (one,) = found_in({"a.prompty": text})
    assert one.finding.code == "file-too-large"
    assert one.finding.severity is Severity.INFORMATION
    assert "5,250,0" in one.finding.message


def test_nothing_raises_on_a_file_of_no_prompt() -> None:
    assert found_in({"promptls.yaml": "rules: {}\n"}) == []
    assert found_in({"a.prompty": ""}) == []
