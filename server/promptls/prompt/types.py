"""Types of values, as far as a prompt file says or shows them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class ValueType:
    """What a value may be. ``kinds``: JSON Schema type names (``string integer number boolean array
    object null``); empty means anything. ``properties``: known keys of an object; ``closed``: no others
    exist. ``items``: the type of each element of an array. ``label``: the format's own name where it
    says more (``thread``, ``image``)."""

    kinds: frozenset[str] = frozenset()
    properties: Mapping[str, ValueType] = field(default_factory=dict)
    closed: bool = False
    items: ValueType | None = None
    label: str = ""

    @property
    def any(self) -> bool:
        return not self.kinds

    def __str__(self) -> str:
        """For people: ``string``, ``array of {name, price}``, ``any``."""
        if self.label:
            return self.label
        if not self.kinds:
            return "any"
        return " or ".join(self._word(kind) for kind in sorted(self.kinds))

    def _word(self, kind: str) -> str:
        if kind == "array" and self.items is not None and not self.items.any:
            return f"array of {self.items}"
        if kind == "object" and self.properties:
            return "{" + ", ".join(self.properties) + "}"
        return kind


ANY = ValueType()


_DEEPEST = 20
_MOST_VALUES = 20_000


def type_of(value: Any) -> ValueType:
    """The type of a value that was written down (a sample, a default).

    What lies deeper than 20 or beyond 20,000 values may be anything: aliases make a small YAML file endless.
    """
    return _type_of(value, 0, iter(range(_MOST_VALUES)))


def _type_of(value: Any, depth: int, budget: Iterator[int]) -> ValueType:
    if depth > _DEEPEST or next(budget, None) is None:
        return ANY
    match value:
        case bool():
            return ValueType(frozenset({"boolean"}))
        case int():
            return ValueType(frozenset({"integer"}))
        case float():
            return ValueType(frozenset({"number"}))
        case str():
            return ValueType(frozenset({"string"}))
        case dict():
            properties = {str(key): _type_of(item, depth + 1, budget) for key, item in value.items()}
            return ValueType(frozenset({"object"}), properties, closed=bool(properties))
        case list() | tuple():
            return ValueType(frozenset({"array"}), items=merge(_type_of(item, depth + 1, budget) for item in value))
    return ANY


def merge(types: Iterable[ValueType]) -> ValueType | None:
    """One type that all of the types fit; None for none. An element that may be anything makes all anything."""
    result: ValueType | None = None
    for one in types:
        result = one if result is None else _both(result, one)
    return result


def sharpen(declared: ValueType, shown: ValueType) -> ValueType:
    """What is declared, and where that stays open (any value, an object without properties) what values show."""
    if declared.any:
        return shown
    if declared.label or not declared.kinds & shown.kinds:
        return declared
    properties, closed, items = declared.properties, declared.closed, declared.items
    if not properties and not closed:
        properties, closed = shown.properties, shown.closed
    if shown.items is not None:
        items = sharpen(items or ANY, shown.items)
    return ValueType(declared.kinds, properties, closed, items)


def _both(a: ValueType, b: ValueType) -> ValueType:
    if a.any or b.any:
        return ANY
    properties = {
        name: merge(item for item in (a.properties.get(name), b.properties.get(name)) if item is not None) or ANY
        for name in (*a.properties, *(name for name in b.properties if name not in a.properties))
    }
    items = merge(item for item in (a.items, b.items) if item is not None)
    label = a.label if a.label == b.label else ""
    return ValueType(a.kinds | b.kinds, properties, a.closed and b.closed, items, label)


def member(of: ValueType, path: Iterable[str]) -> ValueType | None:
    """The type at ``path`` below ``of`` (``[]`` is any element); None where it is known not to exist."""
    for step in path:
        if of.any:
            return ANY
        if step == "[]":
            if not of.kinds & {"array", "object", "string"}:
                return None
            of = of.items or ANY
        elif step in of.properties:
            of = of.properties[step]
        elif "object" in of.kinds and not of.closed:
            return ANY
        else:
            return None
    return of
