"""Types of values, as declarations say them: JSON Schema, or one word of it; and how a type is written back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from promptls.prompt.types import ANY, ValueType, merge, type_of

DEEPEST = 20
KINDS = ("string", "number", "integer", "boolean", "array", "object", "null")
OPEN = "any"
"""The word for an input that may be anything."""

_WORDS = {
    "str": "string",
    "text": "string",
    "int": "integer",
    "float": "number",
    "double": "number",
    "bool": "boolean",
    "list": "array",
    "dict": "object",
    "map": "object",
}


def value_type(schema: Any, root: Any = None, depth: int = 0) -> ValueType:
    """The type that a word or a JSON Schema allows; ANY where it leaves it open, or says it in ways not followed.

    ``root``: what ``$ref: '#/…'`` counts from.
    """
    if isinstance(schema, str):
        kinds = _kinds(schema)
        return ValueType(kinds) if kinds else ANY
    schema = _target(schema, root)
    if not isinstance(schema, Mapping) or depth > DEEPEST:
        return ANY
    if isinstance(schema.get("enum"), list):
        shown = merge(type_of(value) for value in schema["enum"] if value is not None)
        kinds = shown.kinds if shown is not None else frozenset()
        return ValueType(kinds | {"null"} if None in schema["enum"] and kinds else kinds)
    properties, items = schema.get("properties"), schema.get("items")
    kinds = _kinds(schema.get("type", "object" if isinstance(properties, Mapping) else None))
    if not kinds:
        return ANY
    known = properties if "object" in kinds and isinstance(properties, Mapping) else {}
    return ValueType(
        kinds,
        {str(name): value_type(each, root, depth + 1) for name, each in known.items()},
        closed="object" in kinds and is_closed(schema),
        items=value_type(items, root, depth + 1) if "array" in kinds and items is not None else None,
    )


def is_closed(schema: Mapping[str, Any]) -> bool:
    """Whether there are no other properties: none are allowed, or those there are were listed with care."""
    more = schema.get("additionalProperties")
    return more is False or (
        more is None and isinstance(schema.get("properties"), Mapping) and "patternProperties" not in schema
    )


def schema_of(type: ValueType, depth: int = 0) -> dict[str, Any]:
    """The JSON Schema that says a type; empty for one that may be anything."""
    kinds = sorted(type.kinds)
    if not kinds or depth > DEEPEST:
        return {}
    schema: dict[str, Any] = {"type": kinds[0] if len(kinds) == 1 else kinds}
    if type.items is not None and not type.items.any:
        schema["items"] = schema_of(type.items, depth + 1)
    if type.properties:
        schema["properties"] = {name: schema_of(each, depth + 1) for name, each in type.properties.items()}
    return schema


def _kinds(named: Any) -> frozenset[str]:
    found = [named] if isinstance(named, str) else named if isinstance(named, list) else []
    words = [_WORDS.get(each, each) for each in found if isinstance(each, str)]
    return frozenset(words) if words and all(word in KINDS for word in words) else frozenset()


def _target(schema: Any, root: Any) -> Any:
    """What a chain of references inside of the same schema leads to."""
    for _ in range(DEEPEST):
        reference = schema.get("$ref") if isinstance(schema, Mapping) else None
        if not isinstance(reference, str):
            return schema
        if not reference.startswith("#/"):
            return None
        schema = root
        for step in reference[2:].split("/"):
            name = step.replace("~1", "/").replace("~0", "~")
            schema = schema.get(name) if isinstance(schema, Mapping) else None
    return None
