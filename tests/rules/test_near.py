"""Did you mean: what is near, and what is not."""

from __future__ import annotations

import pytest

from promptls.rules.near import did_you_mean, nearest


@pytest.mark.parametrize(
    ("name", "known", "meant"),
    [
        ("nme", ["name", "tone"], ("name",)),
        ("anme", ["name"], ("name",)),
        ("custmer", ["customer", "customs"], ("customer",)),
        ("tne", ["tone", "tune"], ("tone", "tune")),
        ("max_tokens", ["maxTokens", "max_token"], ("maxTokens",)),
        ("Name", ["name", "nane"], ("name",)),
        ("x", ["y"], ()),
        ("id", ["kind"], ()),
        ("tone", ["name"], ()),
        ("name", ["name"], ()),
        ("", ["a"], ()),
        ("a" * 100, ["a" * 99], ()),
    ],
)
def test_nearest(name: str, known: list[str], meant: tuple[str, ...]) -> None:
    assert nearest(name, known) == meant


def test_it_is_said_in_words() -> None:
    assert did_you_mean([]) == ""
    assert did_you_mean(["a"]) == "; did you mean `a`?"
    assert did_you_mean(["a", "b", "c"]) == "; did you mean `a`, `b` or `c`?"
