"""Types of values: read from values, merged, looked into."""

from __future__ import annotations

from typing import Any

import pytest

from promptls.prompt.types import ANY, ValueType, member, merge, type_of


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("a", "string"),
        (True, "boolean"),
        (1, "integer"),
        (1.5, "number"),
        (None, "any"),
        ([], "array"),
        ([1, 2.5], "array of integer or number"),
        ([1, None], "array"),
        ([{"a": 1}, {"b": 2}], "array of {a, b}"),
        ({"a": {"b": 1}}, "{a}"),
        ({}, "object"),
        (object(), "any"),
    ],
)
def test_the_type_of_a_value(value: Any, expected: str) -> None:
    assert str(type_of(value)) == expected


def test_a_value_that_holds_itself_has_a_type() -> None:
    endless: list[Any] = []
    endless += [endless] * 10
    assert type_of(endless).kinds == {"array"}


def test_what_lies_below_a_type() -> None:
    kind = type_of({"items": [{"name": "a"}], "tags": {}})
    assert str(member(kind, ["items", "[]", "name"])) == "string"
    assert member(kind, ["items", "[]", "nam"]) is None
    assert member(kind, ["nothing"]) is None
    assert member(kind, ["tags", "anything"]) == ANY
    assert member(kind, ["items", "name"]) is None
    assert member(ANY, ["a", "b"]) == ANY


def test_merged_objects_know_the_keys_of_both() -> None:
    merged = merge([type_of({"a": 1}), type_of({"b": "x"})])
    assert merged is not None
    assert set(merged.properties) == {"a", "b"}
    assert merged.closed
    assert merge([]) is None
    assert merge([ValueType(frozenset({"string"})), ANY]) == ANY
