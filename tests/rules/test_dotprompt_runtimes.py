"""Dotprompt: what only one of its runtimes makes of a file, and prompts that say less than they seem to.

What npm dotprompt 1.1.2 and PyPI dotpromptz 0.2.0 make of these files was measured by running both.
"""

from __future__ import annotations

import pytest

from promptls.rules import Severity
from tests.rules.check import check, check_fix, found_in

HEADER = "---\nmodel: a/b\n---\n"


def said(text: str, path: str = "a.prompt") -> list[tuple[str, str, Severity | None]]:
    return [
        (one.finding.code, text[slice(*one.finding.location.span)], one.finding.severity)
        for one in found_in({path: text})
    ]


def test_a_fence_that_ends_the_file_is_given_its_line_end() -> None:
    text = "---\nmodel: a/b\n---"
    both = [("empty-body", "---", Severity.WARNING), ("not-portable", "---", Severity.INFORMATION)]
    assert sorted(said(text)) == both
    assert said(text + "\n") == both[:1]
    (fix,) = next(one.finding.fixes for one in found_in({"a.prompt": text}) if one.finding.code == "not-portable")
    assert (fix.title, [edit.text for edit in fix.edits]) == ("End the line", ["\n"])


def test_defaults_that_the_template_reads() -> None:
    check(
        """
        -- a.prompt --
        ---
        input:
          schema: {name: string, tone: string}
          default: {name: Bob, tone: kind}
          ^^^^^^^ not-portable: npm dotprompt does not fill in `default` when it renders: a program in JavaScript gi…
        ---
        Hi {{name}}, {{> part}}
        -- _part.prompt --
        {{tone}}
        """
    )


@pytest.mark.parametrize(
    "text",
    [
        "---\ninput:\n  schema: {name: string}\n---\nHi {{name}}\n",
        "---\ninput:\n  schema: {name: string}\n  default: {}\n---\nHi {{name}}\n",
        "Hi {{name}}\n---\nthere\n---",
    ],
)
def test_nothing_is_said_where_no_default_is_read(text: str) -> None:
    assert not [one for one in said(text) if one[0] == "not-portable"]


def test_lengths_of_lists_and_texts() -> None:
    check(
        """
        -- a.prompt --
        ---
        input:
          schema:
            orders(array): {items(array): string, length: integer}
            box: {length: integer}
            free: any
        ---
        {{#if orders.length}}{{orders.length}}
                     ^^^^^^ not-portable: Only npm dotprompt knows the `length` of a list or a text: to dotpromptz it i…
        {{#each orders}}{{length}}{{items.length}}{{/each}}{{/if}}
        {{box.length}}{{free.length}}
        """
    )


def test_only_a_declared_list_has_a_length() -> None:
    assert not found_in({"a.prompt": HEADER + "{{items.length}}\n"})


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ('{{role "system"}}\n{{role "user"}}\nHi\n', [("empty-message", '{{role "system"}}', Severity.WARNING)]),
        ('{{role "system"}}{{role "user"}}Hi\n', [("empty-message", '{{role "system"}}', Severity.WARNING)]),
        (
            '{{role "system"}}\n{{! later }}\n{{!-- more --}}\n{{role "user"}}\nHi\n',
            [("empty-message", '{{role "system"}}', Severity.WARNING)],
        ),
        ('{{role "system"}}\nHi\n{{role "user"}}\n', [("empty-message", '{{role "user"}}', Severity.INFORMATION)]),
        ("", [("empty-body", "---", Severity.WARNING)]),
        ("\n{{! later }}\n", [("empty-body", "---", Severity.WARNING)]),
        # A tag may make the text, or place the conversation so far.
        ('{{role "system"}}{{> part}}{{role "user"}}{{name}}\n', []),
        ('{{role "user"}}{{history}}\n', []),
        ('{{role "user"}}\n{{media url=photo}}\n', []),
        ('{{#if a}}{{role "system"}}{{else}}{{role "user"}}{{/if}}Hi\n', []),
        ('Hi{{#if a}}{{role "model"}}{{/if}}\n', []),
        ("Hi\n", []),
    ],
)
def test_what_is_empty(body: str, found: list[tuple[str, str, Severity | None]]) -> None:
    assert [one for one in said(HEADER + body) if one[0].startswith("empty")] == found


def test_a_role_without_text_is_taken_out_with_its_line() -> None:
    check_fix(
        """
        -- a.prompt --
        {{role "system"}}
        ^^^^^^^^^^^^^^^^^ empty-message: Nothing stands below `{{role "system"}}`: there is no such message
        {{role "user"}}
        Hi
        """,
        '-- a.prompt --\n{{role "user"}}\nHi\n',
        "Remove",
    )


def test_a_partial_may_be_empty_and_a_file_without_header_too() -> None:
    assert said(HEADER, "_part.prompt") == []
    assert said("", "a.prompt") == []


def test_an_untrusted_input_in_a_system_message() -> None:
    check(
        """
        -- a.prompt --
        ---
        input:
          schema:
            type: object
            properties:
              mail: {type: string, x-untrusted: true}
              name: {type: string}
        ---
        {{mail}}
        {{role "system"}}
        Answer {{name}}: {{mail}}
                           ^^^^ untrusted-input-in-system: `mail` is untrusted and stands in a `system` message, whose…
        {{history}}
        {{mail}}
        {{role "user"}}
        {{mail}}
        """
    )
