"""A JSON Schema that an answer fits: the declared one with as little changed as possible, or one made of the answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from promptls.schema.answer import misfits
from promptls.schema.navigate import json_type, of_type

_DEEPEST: Final = 20
_MOST_ITEMS: Final = 200
_KEPT: Final = ("title", "description")
_CHOICES: Final = ("anyOf", "oneOf", "allOf", "not", "$ref", "if", "then", "else", "dependentRequired", "contains")
_LIMITS: Final = (
    *("const", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"),
    *("minLength", "maxLength", "pattern", "format"),
    *("minItems", "maxItems", "uniqueItems", "minProperties", "maxProperties", "propertyNames", "patternProperties"),
)


def fitted(schema: Mapping[str, Any] | None, data: Any, depth: int = 0) -> dict[str, Any]:
    """``schema`` changed so that ``data`` fits it.

    A type that is another one becomes that of the data, a whole number among numbers makes them numbers, null may be
    where it is; new keys are added, missing ones no longer required, new values join an enumeration, limits that are
    broken go. All else stays. None: a schema is made of the data alone, and requires all of its keys.
    """
    fresh = not schema
    found = dict(schema or {})
    if not fresh and not misfits(data, found):
        return found
    if depth > _DEEPEST:
        return {key: found[key] for key in _KEPT if key in found}
    found = _typed(found, data)
    if "enum" in found and data not in found["enum"]:
        found["enum"] = [*found["enum"], data]
    for word in _LIMITS:
        if word in found and misfits(data, {word: found[word]}):
            del found[word]
    if isinstance(data, dict):
        declared = found.get("properties")
        known = dict(declared) if isinstance(declared, Mapping) else {}
        for key, value in data.items():
            of_key = known.get(key)
            known[key] = fitted(of_key if isinstance(of_key, Mapping) else None, value, depth + 1)
        found["properties"] = known
        required = [*data] if fresh else [key for key in found.get("required", ()) if key in data]
        found.pop("required", None)
        found |= {"required": required} if required else {}
        if fresh:
            found["additionalProperties"] = False
    elif isinstance(data, list):
        items = found.get("items")
        shape = dict(items) if isinstance(items, Mapping) else None
        for item in data[:_MOST_ITEMS]:
            shape = fitted(shape, item, depth + 1)
        if shape is not None and misfits(data, {"items": shape}):
            # Different things in one list have no shape but that of their types.
            shape = {"type": _one(sorted({json_type(item) for item in data}))}
        found |= {"items": shape} if shape is not None else {}
    if misfits(data, found):
        found = {key: value for key, value in found.items() if key not in _CHOICES}
    return found


def _typed(schema: dict[str, Any], data: Any) -> dict[str, Any]:
    named = schema.get("type")
    types = [named] if isinstance(named, str) else list(named or ())
    kind = json_type(data)
    if of_type(data, types):
        return schema
    if data is None and types:
        return {**schema, "type": [*types, "null"], **({"enum": [*schema["enum"], None]} if "enum" in schema else {})}
    if kind == "number" and "integer" in types:
        return {**schema, "type": _one(["number" if each == "integer" else each for each in types])}
    if not types and (schema.keys() & {"enum", "const", *_CHOICES}):
        return schema
    kept: dict[str, Any] = {key: schema[key] for key in _KEPT if key in schema}
    nullable = ["null"] if "null" in types and kind != "null" else []
    return {"type": _one([kind, *nullable]), **kept}


def _one(types: list[str]) -> Any:
    return types[0] if len(types) == 1 else types
