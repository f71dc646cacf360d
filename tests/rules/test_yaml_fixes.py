"""What YAML cannot be read for, and the change that the parser itself knows."""

from __future__ import annotations

import pytest

from tests.rules.check import applied, check, found_in


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("model:\n\tid: m", "model:\n  id: m"),
        ("description: a: b", 'description: "a: b"'),
        ("description: @you", 'description: "@you"'),
        ("description: {{ x }}", 'description: "{{ x }}"'),
    ],
)
def test_the_change_mends_the_header(before: str, after: str) -> None:
    head, body = "---\nname: greet\n", "\n---\nuser:\nHello\n"
    broken = {"a.prompty": head + before + body}
    first = next(one.finding for one in found_in(broken) if one.finding.code == "yaml-syntax")
    mended = applied(broken, first.fixes[0])
    assert mended == {"a.prompty": head + after + body}
    assert found_in(mended) == []


def test_python_ends_a_word_in_braces_at_a_question_mark() -> None:
    check(
        """-- a.prompt --
---
input:
  schema: {name: string, age?: integer}
                         ^^^^ invalid-value: …
---
Hi {{name}}{{#if age}}, {{age}}{{/if}}
"""
    )


def test_outside_of_braces_and_in_quotes_it_does_not() -> None:
    check(
        """-- a.prompt --
---
description: Who are you?
input:
  schema:
    name: string
    "age?": integer
    city?: string
config: {note: "why?"}
---
Hi {{name}}{{#if age}}, {{age}}{{/if}}{{#if city}} in {{city}}{{/if}}
"""
    )


def test_one_lost_line_is_one_finding() -> None:
    """The line `model:` is gone, and all that stood under it hangs in the air."""
    check(
        """-- a.prompty --
---
name: greet
description: one line
  id: gpt-4o-mini
  ^^^^^^^^^^^^^^^ yaml-syntax: `description` already has the value `one line`: …
  provider: openai
  options:
    temperature: 1
---
user:
Hello
"""
    )
