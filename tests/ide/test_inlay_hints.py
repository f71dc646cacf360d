"""What a sample puts in the place of a name stands behind it, and how long a message is behind its role."""

from __future__ import annotations

import pytest

from promptls.ide import hints_of
from promptls.text import Span
from promptls.workspace.files import snapshot_of

HEADER = """---
name: greet
inputs:
  name: {kind: string, default: Ada}
  user: {kind: object, default: {city: "Lagos", tags: [a, b]}}
  empty: {kind: string, default: ""}
  long: {kind: string, default: "one two three four five six seven eight nine ten"}
  none: {kind: string}
  items: {kind: array, default: [{x: 1}]}
---
user:
"""


def labels(body: str, sample: int = 1) -> list[tuple[str, str]]:
    """Each hint with the text right before it."""
    text = HEADER + body
    document = snapshot_of({"a.prompty": text}).document("file:///work/a.prompty")
    assert document is not None
    hints = hints_of(document, Span(0, len(text)), {"greet": sample})
    return [(text[: hint.offset].split()[-1], hint.label) for hint in hints]


@pytest.mark.parametrize(
    ("body", "word", "label"),
    [
        ("Hello {{ name }}", "name", "= Ada"),
        ("Hello {{ user.city }}", "user.city", "= Lagos"),
        ("Hello {{ user.tags }}", "user.tags", '= ["a", "b"]'),
        ("Hello {{ empty }}", "empty", "= (empty)"),
        ("Hello {{ long }}", "long", "= one two three four five six s…"),
    ],
)
def test_a_value_stands_behind_the_name(body: str, word: str, label: str) -> None:
    assert (word, label) in labels(body)


@pytest.mark.parametrize(
    "body",
    [
        "{{ none }}",
        "{{ user.nothing }}",
        "{% for item in items %}{{ item.x }}{% endfor %}",
        "{% if name %}x{% endif %}",
    ],
)
def test_nothing_is_said_where_there_is_no_one_value(body: str) -> None:
    assert [label for _, label in labels(body) if label.startswith("=")] == []


def test_a_role_says_how_long_its_message_is() -> None:
    assert ("user:", "~2 tokens") in labels("Hello there")


def test_only_what_is_asked_for_is_said() -> None:
    text = HEADER + "Hello {{ name }}"
    document = snapshot_of({"a.prompty": text}).document("file:///work/a.prompty")
    assert document is not None
    assert hints_of(document, Span(0, 10)) == ()
