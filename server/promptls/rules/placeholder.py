"""A value to begin with, for an input that has none: it fits the declaration and shows what belongs there."""

from __future__ import annotations

from typing import Any

from promptls.prompt.model import Input
from promptls.prompt.types import ValueType

_DEEPEST = 5


def placeholder(item: Input) -> Any:
    """One of the allowed values, else one of the declared type; texts say the input's name."""
    return item.enum[0] if item.enum else _value(item.type, item.name, 0)


def _value(type: ValueType, name: str, depth: int) -> Any:
    kinds = type.kinds - {"null"}
    if "string" in kinds or not kinds:
        return name.replace("_", " ")
    if "integer" in kinds or "number" in kinds:
        return 1
    if "boolean" in kinds:
        return True
    if "array" in kinds:
        return [_value(type.items, name, depth + 1)] if type.items and depth < _DEEPEST else [name.replace("_", " ")]
    if depth >= _DEEPEST:
        return {}
    return {key: _value(each, key, depth + 1) for key, each in type.properties.items()}
