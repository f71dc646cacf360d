"""JSON Schema as types of values: what the template may read of an input."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from promptls.prompt.types import ANY, ValueType, merge, type_of

DEEPEST = 20
_KINDS = frozenset(["string", "number", "integer", "boolean", "array", "object", "null"])


def value_type(schema: Any, depth: int = 0) -> ValueType:
    """The type that a schema allows; ANY where it leaves it open or says it in ways that are not followed."""
    if not isinstance(schema, Mapping) or depth > DEEPEST:
        return ANY
    if isinstance(schema.get("enum"), list):
        shown = merge(type_of(value) for value in schema["enum"] if value is not None)
        kinds = shown.kinds if shown is not None else frozenset()
        return ValueType(kinds | {"null"} if None in schema["enum"] and kinds else kinds)
    kinds = _kinds(schema)
    if not kinds:
        return ANY
    properties = schema.get("properties")
    items = schema.get("items")
    return ValueType(
        kinds,
        {str(name): value_type(each, depth + 1) for name, each in properties.items()}
        if "object" in kinds and isinstance(properties, Mapping)
        else {},
        closed="object" in kinds and _is_closed(schema),
        items=value_type(items, depth + 1) if "array" in kinds and isinstance(items, Mapping) else None,
    )


def _kinds(schema: Mapping[str, Any]) -> frozenset[str]:
    named = schema.get("type")
    if named is None and isinstance(schema.get("properties"), Mapping):
        named = "object"
    found = [named] if isinstance(named, str) else named if isinstance(named, list) else []
    return frozenset(found) if found and all(kind in _KINDS for kind in found) else frozenset()


def _is_closed(schema: Mapping[str, Any]) -> bool:
    """Whether no other properties exist: none are allowed, or what there is was listed with care."""
    more = schema.get("additionalProperties")
    return more is False or (more is None and isinstance(schema.get("properties"), Mapping))
