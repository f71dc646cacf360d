"""The schema of an answer as strict mode takes it, or not at all."""

from __future__ import annotations

from typing import Any

import pytest

from promptls.providers.structured import schema_name, strict_schema


def thing(properties: dict[str, Any], *required: str, **more: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(required), **more}


def test_every_object_is_closed_and_everything_required() -> None:
    inner = thing({"x": {"type": "number"}}, "x")
    schema = thing(
        {
            "must": {"type": "string"},
            "may": {"type": "string", "enum": ["a", "b"]},
            "list": {"type": "array", "items": inner},
            "either": {"anyOf": [{"type": "string"}, inner]},
            "link": {"$ref": "#/$defs/d"},
            "both": {"type": ["string", "integer"]},
        },
        "must",
        "list",
        **{"$defs": {"d": inner}},
    )
    closed = {**inner, "additionalProperties": False}
    assert strict_schema(schema) == {
        "type": "object",
        "properties": {
            "must": {"type": "string"},
            "may": {"type": ["string", "null"], "enum": ["a", "b", None]},
            "list": {"type": "array", "items": closed},
            "either": {"anyOf": [{"type": "string"}, closed, {"type": "null"}]},
            "link": {"anyOf": [{"$ref": "#/$defs/d"}, {"type": "null"}]},
            "both": {"type": ["string", "integer", "null"]},
        },
        "required": ["must", "may", "list", "either", "link", "both"],
        "additionalProperties": False,
        "$defs": {"d": closed},
    }


def test_the_schema_itself_stays_as_it_is() -> None:
    schema = thing({"a": {"type": "string", "enum": ["x"]}})
    before = repr(schema)
    strict_schema(schema)
    assert repr(schema) == before


def deep(levels: int) -> dict[str, Any]:
    return thing({"a": deep(levels - 1)}, "a") if levels else {"type": "string"}


@pytest.mark.parametrize(
    "schema",
    [
        {},
        {"type": "string"},
        {"type": "object"},
        thing({}),
        thing({"a": {"type": "object"}}),
        thing({"a": {"type": "string"}}, additionalProperties=True),
        thing({"a": {"type": "string"}}, additionalProperties={"type": "string"}),
        thing({"a": {"type": "array"}}),
        thing({"a": {"not": {}}}),
        thing({"a": {"oneOf": []}}),
        thing({"a": True}),
        thing({"a": {"type": "string"}}, patternProperties={}),
        deep(12),
        deep(300),
    ],
)
def test_what_strict_mode_cannot_say_is_not_bent(schema: dict[str, Any]) -> None:
    assert strict_schema(schema) is None


def test_names_are_as_openai_takes_them() -> None:
    assert [schema_name(name) for name in ("answer", "my answer!", "é", "x" * 99, "")] == [
        "answer", "my_answer", "answer", "x" * 64, "answer",
    ]  # fmt: skip
