"""The shape of an answer: the declared one with as little changed as possible."""

from __future__ import annotations

import random
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from promptls.schema.shape import fitted


@pytest.mark.parametrize(
    ("schema", "data", "expected"),
    [
        (None, {"a": 1}, {"properties": {"a": {"type": "integer"}}, "required": ["a"], "additionalProperties": False}),
        ({"type": "integer", "description": "d"}, 1.5, {"type": "number", "description": "d"}),
        ({"type": "integer", "description": "d"}, "x", {"type": "string", "description": "d"}),
        ({"type": "string"}, None, {"type": ["string", "null"]}),
        ({"type": ["string", "null"]}, 3, {"type": ["integer", "null"]}),
        ({"enum": ["a"]}, "b", {"enum": ["a", "b"]}),
        ({"type": "string", "maxLength": 2, "minLength": 1}, "abc", {"type": "string", "minLength": 1}),
        ({"properties": {"a": {}}, "required": ["a"]}, {}, {"type": "object"}),
        ({"items": {"type": "string"}}, ["a", 1.5], {"items": {"type": ["number", "string"]}}),
        ({"anyOf": [{"type": "string"}]}, 3, {}),
    ],
)
def test_what_does_not_fit_gives_way(schema: Any, data: Any, expected: dict[str, Any]) -> None:
    found = fitted(schema, data)
    assert {key: found.get(key) for key in expected} == expected
    if schema:
        assert set(found) <= {*schema, *expected, "type"}


def test_what_fits_stays_as_it_is() -> None:
    schema = {"type": "object", "properties": {"a": {"$ref": "#/$defs/b"}}, "$defs": {"b": {"type": "string"}}}
    assert fitted(schema, {"a": "x"}) == schema


def test_an_answer_fits_the_shape_that_was_made_for_it() -> None:
    rng = random.Random(11)
    for _ in range(300):
        one, other = _any(rng, 3), _any(rng, 3)
        schema = fitted(fitted(None, one), other)
        errors = [error.message for error in Draft202012Validator(schema).iter_errors(other)]
        assert errors == [], (schema, other)


def _any(rng: random.Random, depth: int) -> Any:
    match rng.randrange(7 if depth else 5):
        case 5:
            return [_any(rng, depth - 1) for _ in range(rng.randrange(3))]
        case 6:
            return {rng.choice("abc"): _any(rng, depth - 1) for _ in range(3)}
        case kind:
            return [None, True, 3, 2.5, "x"][kind]
