"""Values that are longer than a format states. No format that there is states a limit, so the tests' own does."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest

from promptls.schema import files
from promptls.schema.navigate import View, view
from tests.rules.check import check

LIMIT = 10


@pytest.fixture
def limited(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Prompty v2 with a description of ten characters at most; what is returned is the description's schema."""
    schema = deepcopy(files.load("prompty-v2"))
    about: dict[str, Any] = schema["properties"]["description"]
    about["maxLength"] = LIMIT
    limited = View(schema)
    monkeypatch.setattr("promptls.schema.validate.view", lambda name: limited if name == "prompty-v2" else view(name))
    return about


def prompt(description: str, mark: str = "") -> str:
    return f"---\nname: greet\ndescription: {description}\n{mark}---\nuser:\nHello\n"


def test_one_character_too_many(limited: dict[str, Any]) -> None:
    check(
        prompt(
            "an essayist",
            "             ^^^^^^^^^^^ too-long: `description` has 11 characters, and may have at most 10\n",
        )
    )


def test_as_long_as_it_may_be(limited: dict[str, Any]) -> None:
    check(prompt("an essay 1"))


def test_what_counts_is_the_value_and_not_how_it_is_written(limited: dict[str, Any]) -> None:
    check(prompt('"\\u00e9\\u00e9\\u00e9\\u00e9\\u00e9\\u00e9"'))
    check(prompt("😀" * LIMIT))


def test_a_reference_may_become_anything(limited: dict[str, Any]) -> None:
    check(prompt("${env:A_LONG_DESCRIPTION}"), environment=["A_LONG_DESCRIPTION"])


def test_the_schema_says_how_bad_it_is_and_in_which_words(limited: dict[str, Any]) -> None:
    limited["x-promptls"] = {"severity": {"too-long": "error"}, "message": {"too-long": "The loader refuses it"}}
    (found,) = check(prompt("an essayist", "             ^^^^^^^^^^^ too-long: The loader refuses it\n"))
    assert found.finding.severity is not None
    assert found.finding.severity.label == "error"
