"""Folds, written as the lines that stay visible and the last lines that go."""

from __future__ import annotations

from promptls.ide.folding import folds_of
from tests.ide.place import place


def folds(source: str) -> list[tuple[int, int, str | None]]:
    """First line, last line (from 1) and kind of each fold."""
    document = place(source).document
    text = document.text
    return [
        (text.line_at(fold.span.start) + 1, text.line_at(fold.span.end) + 1, fold.kind) for fold in folds_of(document)
    ]


def test_header_keys_messages_and_blocks() -> None:
    assert folds(
        """
        ---
        name: x
        inputs:
          items:
            kind: array
          tone: {kind: string}
        ---
        system:
        Be kind.

        user:
        {% for item in items %}
        {{ item }}
        {% endfor %}
        Bye.
        """
    ) == [(1, 7, "region"), (3, 6, None), (4, 5, None), (8, 9, "region"), (11, 15, "region"), (12, 13, None)]


def test_each_branch_folds_alone() -> None:
    assert folds(
        """
        ---
        name: x
        ---
        {% if a %}
        1
        {% elif b %}
        2
        {% else %}
        3
        {% endif %}
        """
    )[1:] == [(4, 5, None), (6, 7, None), (8, 9, None)]


def test_comments_of_several_lines() -> None:
    assert folds(
        """
        ---
        # one
        # two
        name: x
        # alone
        description: |
          # not a comment
          # neither
        ---
        {# a
        b #}
        """
    )[1:] == [(2, 3, "comment"), (6, 8, None), (10, 11, "comment")]


def test_an_open_header_folds_to_its_end() -> None:
    assert folds(
        """
        ---
        name: x
        inputs:
          a: 1
        """
    ) == [(1, 4, "region"), (3, 4, None)]


def test_nothing_to_fold() -> None:
    assert folds("hello") == []


def test_a_header_folds_also_where_the_line_of_its_fence_is_no_part_of_it() -> None:
    assert folds("-- a.prompt --\n---  \nmodel: a/b\n---\n{{x}}\n")[0] == (1, 3, "region")
