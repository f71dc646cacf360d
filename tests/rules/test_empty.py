"""empty-message and empty-body: prompts that say less than they seem to."""

from __future__ import annotations

import pytest

from promptls.rules import Severity
from tests.rules.check import check_fix, found_in

V1 = "---\nname: a\nmodel: {api: chat, configuration: {type: openai}}\n---\n"
V2 = "---\nname: a\nmodel: {id: a, provider: openai}\n---\n"
V2_MUSTACHE = "---\nname: a\nmodel: {id: a}\ntemplate: {format: mustache, parser: prompty}\n---\n"


def said(text: str) -> list[tuple[str, str, Severity | None]]:
    return [
        (one.finding.code, text[slice(*one.finding.location.span)], one.finding.severity)
        for one in found_in({"a.prompty": text})
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        # 0.1.50: "Invalid prompt format".
        (V1 + "system:\n\nuser:\nHi\n", [("empty-message", "system:", Severity.ERROR)]),
        # 0.1.50 pairs the roles with each other, and loads.
        (
            V1 + "system:\n\nuser:\n\nassistant:\nHi\n",
            [("empty-message", "system:", Severity.WARNING), ("empty-message", "user:", Severity.WARNING)],
        ),
        # What stands in a block may not be there.
        (
            V1 + "{% if true %}\nsystem:\n\nuser:\nHi\n{% endif %}\n",
            [("empty-message", "system:", Severity.WARNING)],
        ),
        (V1 + "system:\nHi\n\nuser:\n\n", [("empty-message", "user:", Severity.INFORMATION)]),
        (V2 + "system:\n\nuser:\nHi\n", [("empty-message", "system:", Severity.WARNING)]),
        (V2 + "system:\nuser:\nHi\n", [("empty-message", "system:", Severity.WARNING)]),
        (V2 + "system:\nHi\nuser:\n", [("empty-message", "user:", Severity.INFORMATION)]),
        (V2 + "system:\n{# later #}\nuser:\nHi\n", [("empty-message", "system:", Severity.WARNING)]),
        (V2_MUSTACHE + "system:\n{{! later }}\nuser:\nHi\n", [("empty-message", "system:", Severity.WARNING)]),
        (V1 + "\n\n", [("empty-body", "---", Severity.ERROR)]),
        (V2 + "\n\n", [("empty-body", "---", Severity.WARNING)]),
        (V2_MUSTACHE + "{{! later }}\n", [("empty-body", "---", Severity.WARNING)]),
    ],
)
def test_what_is_empty(text: str, found: list[tuple[str, str, Severity | None]]) -> None:
    assert said(text) == found


@pytest.mark.parametrize(
    "body",
    [
        "system:\nHi\nuser:\nHo\n",
        # A tag may make the text.
        "system:\n{% include 'a' ignore missing %}\nuser:\nHi\n",
        "{% if true %}\nsystem:\n{% else %}\nuser:\n{% endif %}\nHi\n",
        "{{ 'x' }}\n",
        "Hi\n",
    ],
)
def test_what_is_not(body: str) -> None:
    found = {code for code, _, _ in said(V2 + body)}
    assert not {"empty-message", "empty-body"} & found


def test_the_role_line_is_removed() -> None:
    check_fix(
        """
        ---
        name: greet
        ---
        system:
        You greet.

        developer:
        ^^^^^^^^^^ empty-message: …

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
        "Remove the role line",
    )


def test_a_header_alone_has_its_own_finding() -> None:
    for text in ("---\nname: a\n---", "---\nname: a\n"):
        assert [code for code, _, _ in said(text)] == ["front-matter-unclosed"]
