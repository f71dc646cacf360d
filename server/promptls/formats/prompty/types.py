"""Prompty's names of types, as types of values and as JSON Schema.

v2: ``Property.kind`` (prompty 2.1.0 ``model/contracts/core/_Property.py``); v1: ``PropertySettings.type``
(0.1.50 ``core.py``), and what promptflow adds to it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from promptls.prompt.types import ANY, ValueType

RICH_KINDS = ("thread", "image", "audio", "file")
"""Inputs that stand for messages or media: the renderer gets a mark, the messages get the content."""

DEEPEST = 20

_PLAIN = {
    "string": "string",
    "integer": "integer",
    "int": "integer",
    "float": "number",
    "double": "number",
    "number": "number",
    "boolean": "boolean",
    "bool": "boolean",
    "array": "array",
    "list": "array",
    "object": "object",
    "dict": "object",
}


def named_type(word: str) -> ValueType:
    """The type that one word names; ANY for a word that no loader knows."""
    if word == "thread":
        turn = ValueType(frozenset({"object"}), {"role": named_type("string"), "content": ANY})
        return ValueType(frozenset({"array"}), items=turn, label=word)
    if word in RICH_KINDS:
        return ValueType(frozenset({"string"}), label=word)
    kind = _PLAIN.get(word)
    return ValueType(frozenset({kind})) if kind else ANY


def property_type(about: Mapping[str, Any], depth: int = 0) -> ValueType:
    """The type that a property declares; ``about`` is its YAML as plain data."""
    word = about.get("kind", about.get("type"))
    if not isinstance(word, str) or depth > DEEPEST:
        return ANY
    found = named_type(word)
    if found.kinds == {"array"} and not found.label:
        found = ValueType(found.kinds, items=_items(about.get("items"), depth))
    elif found.kinds == {"object"}:
        properties = {name: property_type(each, depth + 1) for name, each in named_properties(about.get("properties"))}
        found = ValueType(found.kinds, properties, closed=bool(properties))
    if about.get("nullable") is True and found.kinds:
        found = ValueType(found.kinds | {"null"}, found.properties, found.closed, found.items, found.label)
    return found


def named_properties(written: Any) -> list[tuple[str, Mapping[str, Any]]]:
    """``(name, property)`` of each, from a list of them or a map by name; a scalar stands for an example."""
    if isinstance(written, Mapping):
        return [(str(name), about if isinstance(about, Mapping) else {}) for name, about in written.items()]
    if isinstance(written, list):
        return [(about["name"], about) for about in written if isinstance(about, Mapping) and _is_name(about)]
    return []


def json_schema(written: Any) -> dict[str, Any] | None:
    """The JSON Schema of an answer with these ``outputs``; None where none are written."""
    named = named_properties(written)
    if not named:
        return None
    return _object(named, 0)


def _object(named: list[tuple[str, Mapping[str, Any]]], depth: int) -> dict[str, Any]:
    schema: dict[str, Any] = {
        "type": "object",
        "properties": {name: _property(about, depth) for name, about in named},
        "additionalProperties": False,
    }
    required = [name for name, about in named if about.get("required") is True]
    if required:
        schema["required"] = required
    return schema


def _property(about: Mapping[str, Any], depth: int) -> dict[str, Any]:
    schema: dict[str, Any] = {}
    kinds = sorted(property_type(about, depth).kinds)
    if kinds:
        schema["type"] = kinds[0] if len(kinds) == 1 else kinds
    if isinstance(about.get("description"), str):
        schema["description"] = about["description"]
    if isinstance(about.get("enumValues"), list):
        schema["enum"] = about["enumValues"]
    if depth > DEEPEST:
        return schema
    if "array" in kinds and isinstance(about.get("items"), Mapping):
        schema["items"] = _property(about["items"], depth + 1)
    if "object" in kinds and named_properties(about.get("properties")):
        schema |= _object(named_properties(about["properties"]), depth + 1)
    return schema


def _items(written: Any, depth: int) -> ValueType | None:
    if isinstance(written, Mapping):
        return property_type(written, depth + 1)
    return named_type(written) if isinstance(written, str) else None


def _is_name(about: Mapping[str, Any]) -> bool:
    return isinstance(about.get("name"), str) and bool(about["name"])
