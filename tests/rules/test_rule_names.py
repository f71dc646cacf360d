"""Codes of rules in promptls.yaml that no rule has."""

from __future__ import annotations

from tests.rules.check import check, check_fix


def test_a_slip_in_a_code() -> None:
    check_fix(
        """
        -- promptls.yaml --
        rules:
          unusd-input: off
          ^^^^^^^^^^^ unknown-key: There is no rule `unusd-input`; did you mean `unused-input`?
          "prompts/**":
            unused-input: hint
        """,
        """
        -- promptls.yaml --
        rules:
          unused-input: off
          "prompts/**":
            unused-input: hint
        """,
    )


def test_below_a_pattern_and_without_a_near_one() -> None:
    check(
        """
        -- promptls.yaml --
        rules:
          yaml-syntax: error
          "prompts/**":
            something-of-ours: off
            ^^^^^^^^^^^^^^^^^ unknown-key: There is no rule `something-of-ours`
        formats: {"a/**": prompty}
        templates: {filters: [no-rule]}
        """
    )


def test_only_where_rules_are_named() -> None:
    check("---\nname: a\nmetadata: {rules: {no-such-rule: off}}\n---\nuser:\nHi\n")
