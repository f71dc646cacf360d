"""Whether a written value is one that a declared type allows, in words where it is not."""

from __future__ import annotations

from typing import Any

from promptls.prompt.types import ValueType, type_of

_DEEPEST = 20
_WORDS = {
    "string": "a string",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "array": "a list",
    "object": "a map",
    "null": "nothing",
}


def kinds_in_words(type: ValueType) -> str:
    """``a string``, ``a list or a map``."""
    return " or ".join(_WORDS[kind] for kind in sorted(type.kinds - {"null"}) if kind in _WORDS) or "nothing"


def misfit(value: Any, type: ValueType, depth: int = 0) -> str:
    """What is wrong with a value, after its name: ``is a string and must be a number``; empty where nothing is.

    Null stands for "no value", and a text that is wholly a `${…}` reference for what it refers to.
    """
    if type.any or type.label or value is None or depth > _DEEPEST or _is_reference(value):
        return ""
    if not any(_is_a(value, kind) for kind in type.kinds):
        return f"is {kinds_in_words(type_of(value))} and must be {kinds_in_words(type)}"
    if isinstance(value, dict) and "object" in type.kinds:
        for key, item in value.items():
            known = type.properties.get(str(key))
            if known is None:
                if type.closed:
                    return f"has `{key}`, which is none of its properties"
                continue
            if wrong := misfit(item, known, depth + 1):
                return f"is not as declared: `{key}` {wrong}"
    if isinstance(value, list) and type.items is not None:
        for number, item in enumerate(value, 1):
            if wrong := misfit(item, type.items, depth + 1):
                return f"is not as declared: item {number} {wrong}"
    return ""


def _is_reference(value: Any) -> bool:
    return isinstance(value, str) and value.strip().startswith("${") and value.strip().endswith("}")


def _is_a(value: Any, kind: str) -> bool:
    match kind:
        case "boolean":
            return isinstance(value, bool)
        case "integer":
            return (isinstance(value, int) and not isinstance(value, bool)) or (
                isinstance(value, float) and value.is_integer()
            )
        case "number":
            return isinstance(value, int | float) and not isinstance(value, bool)
        case "string":
            # A date in YAML is a text to whoever wrote it.
            return isinstance(value, str) or not isinstance(value, bool | int | float | list | dict)
        case "array":
            return isinstance(value, list | tuple)
        case "object":
            return isinstance(value, dict)
    return False
