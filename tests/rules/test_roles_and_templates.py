"""unknown-role, text-before-role, template-syntax: the messages of a template."""

from __future__ import annotations

from promptls.rules.engine import findings
from promptls.workspace.files import snapshot_of
from tests.rules.check import check, check_fix, uri_of


def test_a_slip_in_a_role() -> None:
    check_fix(
        """
        ---
        name: greet
        ---
        system:
        You greet.

        user:
        Good morning

        asistant:
        ^^^^^^^^ unknown-role: …
        Hello
        """,
        """
        ---
        name: greet
        ---
        system:
        You greet.

        user:
        Good morning

        assistant:
        Hello
        """,
    )


def test_headings_with_a_colon_are_text() -> None:
    check(
        """
        ---
        name: greet
        ---
        system:
        You greet.

        Note:
        Be kind.

        Users:
        Ada
        """
    )


def test_text_above_the_first_role_line_gets_a_role() -> None:
    check_fix(
        """
        ---
        name: greet
        ---
        You greet.
        ^^^^^^^^^^ text-before-role: …

        user:
        Hello
        """,
        """
        ---
        name: greet
        ---
        system:
        You greet.

        user:
        Hello
        """,
    )


def test_a_block_is_closed() -> None:
    check_fix(
        """
        ---
        name: greet
        inputs:
          names: {kind: array, items: {kind: string}}
        ---
        user:
        {% for name in names %}
        ^^^^^^^^^^^^^^^^^^^^^^^ template-syntax: …
        Hello {{ name }}
        """,
        """
        ---
        name: greet
        inputs:
          names: {kind: array, items: {kind: string}}
        ---
        user:
        {% for name in names %}
        Hello {{ name }}
        {% endfor %}
        """,
    )


def test_a_tag_is_closed() -> None:
    check_fix(
        """
        ---
        name: greet
        inputs:
          name: {kind: string}
        ---
        user:
        Hello {{ name
              ^^^^^^^ template-syntax: …
        and goodbye {{ name }}
        """,
        """
        ---
        name: greet
        inputs:
          name: {kind: string}
        ---
        user:
        Hello {{ name }}
        and goodbye {{ name }}
        """,
    )


def test_a_closer_that_closes_nothing() -> None:
    check_fix(
        """
        ---
        name: greet
        inputs:
          name: {kind: string}
        ---
        user:
        {{ name }}{% endif %}
                  ^^^^^^^^^^^ template-syntax: …
        """,
        """
        ---
        name: greet
        inputs:
          name: {kind: string}
        ---
        user:
        {{ name }}
        """,
    )


def test_mustache() -> None:
    check(
        """
        ---
        name: greet
        template: {format: mustache, parser: prompty}
        inputs:
          name: {kind: string}
        ---
        user:
        {{#name}}Hello {{name}}
        ^^^^^^^^^ template-syntax: …
        """
    )


def test_the_engines_own_opinion_is_asked_for_only_when_idle() -> None:
    text = "---\nname: greet\n# promptls: ignore-file[not-portable]\n---\nuser:\nHello\n{% set (a, b.c) = 1 %}\n"
    snapshot = snapshot_of({"a.prompty": text}, root="/work")
    document = snapshot.document(uri_of("a.prompty"))
    assert document is not None
    assert findings(document, snapshot) == ()
    idle = snapshot.with_second_opinion()
    (finding,) = findings(document, idle)
    assert finding.code == "template-syntax"
    assert finding.location.span.slice(text) == "{% set (a, b.c) = 1 %}"
    assert finding.message == "can't assign to 'tuple'"
