"""The fixture reader reads what its docstring promises."""

from __future__ import annotations

from promptls.text import Span, Text
from tests.fixtures import Mark, differences, fixture, mark


def test_files_marks_and_cursor() -> None:
    found = fixture("""
        -- a.prompty --
        ---
        name: x
        ^^^^ some-rule: a message: with a colon
              ^ other-rule
        ---
        -- sub/b.yaml --
        one: █two
    """)
    assert found.files == {"a.prompty": "---\nname: x\n---\n", "sub/b.yaml": "one: two\n"}
    assert found.marks == (
        Mark("a.prompty", 1, 0, 4, "some-rule", "a message: with a colon"),
        Mark("a.prompty", 1, 6, 7, "other-rule", "…"),
    )
    assert found.main == "sub/b.yaml"
    assert found.offset == 5


def test_without_a_name_it_is_one_prompty_file() -> None:
    assert fixture("user:\nHi\n").files == {"prompt.prompty": "user:\nHi\n"}


def test_a_file_may_be_empty_and_keeps_its_empty_lines() -> None:
    assert fixture("-- a --\n-- b --\n\nx\n\n").files == {"a": "", "b": "\nx\n\n"}


def test_a_finding_over_several_lines_is_marked_on_the_first() -> None:
    text = Text("ab\ncdef\n")
    assert mark("f", text, Span(1, 6), "c", "m") == Mark("f", 0, 1, 2, "c", "m")
    assert mark("f", text, Span(8, 8), "c", "m") == Mark("f", 2, 0, 1, "c", "m")


def test_differences_name_both_sides() -> None:
    want = Mark("f", 0, 1, 2, "c", "begins…")
    assert differences([want], [want._replace(message="begins so")]) == []
    assert differences([want], [want._replace(code="d")]) == [
        "missing   f:1:2-3 c: begins…",
        "not asked f:1:2-3 d: begins…",
    ]
