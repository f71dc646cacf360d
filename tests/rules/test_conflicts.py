"""merge-conflict-markers: one finding for each conflict, both sides readable, silence between the markers."""

from __future__ import annotations

from promptls.rules.conflicts import conflicts_in
from tests.rules.check import check, check_fix, found_in


def test_a_conflict_in_the_header_is_one_error() -> None:
    found = check(
        """
        ---
        name: greet
        <<<<<<< HEAD
        ^^^^^^^^^^^^ merge-conflict-markers
        descripton: A greeting
        description: A greeting
        =======
        description: Says: hello
        >>>>>>> politer
        inputs:
          - {name: who, kind: string}
        ---
        user:
        Hello {{ who }}
        """
    )
    assert [one.finding.severity for one in found] == [1]


def test_either_side_is_kept() -> None:
    before = """
        ---
        name: greet
        inputs:
        <<<<<<< HEAD
        ^^^^^^^^^^^^ merge-conflict-markers
          - {name: who, kind: string}
        ||||||| base
        =======
          - {name: whom, kind: string}
        >>>>>>> politer
        ---
        user:
        Hello {{ who }}
        """
    check_fix(
        before,
        """
        ---
        name: greet
        inputs:
          - {name: who, kind: string}
        ---
        user:
        Hello {{ who }}
        """,
        "Keep the first side (`HEAD`)",
    )


def test_what_is_declared_on_either_side_is_declared() -> None:
    check(
        """
        ---
        name: greet
        inputs:
        <<<<<<< HEAD
        ^^^^^^^^^^^^ merge-conflict-markers
          - {name: who, kind: string}
        =======
          - {name: name, kind: string}
        >>>>>>> politer
        ---
        user:
        <<<<<<< HEAD
        ^^^^^^^^^^^^ merge-conflict-markers
        Hello {{ who }} {{ nothing }} {% if who %}
        =======
        Hello {{ name | uper }} {% if name %}
        >>>>>>> politer
        {% endif %}
        """
    )


def test_in_the_configuration() -> None:
    check(
        """
        -- promptls.yaml --
        rules:
        <<<<<<< HEAD
        ^^^^^^^^^^^^ merge-conflict-markers
          unused-input: off
        =======
          unused-input: hint
        >>>>>>> other
        """
    )


def test_markers_that_are_an_example_are_text() -> None:
    check(
        """
        ---
        name: edit
        ---
        system:
        Answer with blocks like this:

        <<<<<<< SEARCH
        old
        =======
        new
        >>>>>>> REPLACE

        A conflict looks so:

        ```
        <<<<<<< HEAD
        one
        =======
        two
        >>>>>>> other
        ```

        A title
        =======
        <<<<<<< and no more
        user:
        Hello
        """
    )


def test_line_ends_of_windows_and_the_end_of_the_file() -> None:
    text = "---\r\nname: a\r\n---\r\nuser:\r\n<<<<<<< HEAD\r\nHi\r\n=======\r\nHo\r\n>>>>>>> b"
    (one,) = found_in({"a.prompty": text})
    assert one.finding.code == "merge-conflict-markers"
    assert [fix.edits[0].text for fix in one.finding.fixes] == ["Hi\r\n", "Ho\r\n"]
    assert text[slice(*one.finding.location.span)].endswith(">>>>>>> b")


def test_many_conflicts_are_read_in_one_go() -> None:
    text = "<<<<<<< a\n=======\n>>>>>>> b\n```\n```\n" * 20_000
    assert len(conflicts_in(text)) == 20_000
    assert conflicts_in("<<<<<<< a\n" * 100_000 + ">>>>>>> b\n") == ()
