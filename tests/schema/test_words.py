"""How things are said, and what a mistyped name may have meant."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from promptls.schema.words import as_yaml, expected, nearest, one_of, short, shown
from promptls.syntax.yaml import parse_yaml, to_data

KEYS = ("name", "kind", "id", "key", "description", "maxOutputTokens", "temperature", "top_p")


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("nmae", "name"),
        ("Name", "name"),
        ("desciption", "description"),
        ("max_output_tokens", "maxOutputTokens"),
        ("temprature", "temperature"),
        ("topP", "top_p"),
        ("kye", "key"),
        ("ID", "id"),
        ("di", None),
        ("names_of_all", None),
        ("temp", None),
        ("", None),
        ("x" * 1_000, None),
    ],
)
def test_nearest(written: str, meant: str | None) -> None:
    assert nearest(written, KEYS) == meant


@pytest.mark.parametrize(
    ("value", "said"),
    [("hot", "the string `hot`"), (1, "`1`"), (True, "`true`"), (None, "nothing"), ([1], "a list"), ({}, "a map")],
)
def test_shown(value: Any, said: str) -> None:
    assert shown(value) == said


def test_lists_of_names_stay_short() -> None:
    assert expected(("string", "object", "null")) == "a string or a map"
    assert one_of(["off"]) == "`off`"
    assert one_of(list("abcdefghij")) == "one of `a`, `b`, `c`, `d`, `e`, `f`, `g`, `h`, …"
    assert short("a\n  b " + "c" * 100) == "a b " + "c" * 35 + "…"


@pytest.mark.parametrize(
    "value", ["a", "a b", "on", "no", "null", "1", "1.5", "a: b", "# a", "", " a", "@a", "{a", "é", "- a", "~"]
)
def test_what_is_written_is_read_back(value: str) -> None:
    assert to_data(parse_yaml(f"k: {as_yaml(value)}")) == {"k": value}
    assert yaml.safe_load(f"k: {as_yaml(value, yaml11=True)}") == {"k": value}
