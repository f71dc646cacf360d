"""What can be written at a place of a half-written header: keys and values, from the schema that also judges them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from promptls.schema import words
from promptls.schema.describe import type_words
from promptls.schema.keys import is_discouraged
from promptls.schema.navigate import Schema, View, notes_of, view
from promptls.syntax.yaml_tree import Path


@dataclass(frozen=True, slots=True)
class KeyChoice:
    """``value_snippet`` is what follows the key in LSP's snippet syntax: ``: ``, ``:\\n  $0``, ``:\\n  - $0``.

    What is deprecated, dropped or refused is not offered.
    """

    name: str
    type: str
    description: str
    required: bool = False
    value_snippet: str = ": "


@dataclass(frozen=True, slots=True)
class ValueChoice:
    """``value`` is YAML, on one line."""

    value: str
    description: str
    kind: Literal["enum", "const", "default", "example", "boolean"]


def keys_at(name: str, data: Any, path: Path) -> list[KeyChoice]:
    """The keys that the container at ``path`` may have: required first, then what this kind of map has alone, then
    in the schema's order.

    Keys that are already there are among them: the caller knows which one is being typed. ``data`` may be broken
    off anywhere. Raises LookupError for an unknown schema.
    """
    schema = view(name)
    there = _mapping_at(data, path)
    parts = schema.at(path, data)
    here = schema.flat(parts, there)
    required = schema.required(parts, there)
    found = [_key(schema, key, part, key in required) for key, part in schema.properties(here).items()]
    # What only this kind of map has is what it is about: it goes before what all kinds share.
    order = list(dict.fromkeys(key for part in reversed(here) for key in part.get("properties", {})))
    choices = [choice for choice in found if choice]
    return sorted(choices, key=lambda choice: (not choice.required, 0 if choice.required else order.index(choice.name)))


def _key(schema: View, name: str, part: Schema, required: bool) -> KeyChoice | None:
    parts = schema.flat([part], None)
    if any(is_discouraged(one) for one in parts):
        return None
    description = next((one["description"] for one in parts if one.get("description")), "")
    return KeyChoice(
        name, type_words(schema, parts), description, required, value_snippet=_snippet(schema, part, parts)
    )


def _snippet(schema: View, part: Schema, parts: list[Schema]) -> str:
    """A map and a list begin on the next line; where a scalar would also do, the schema may prefer one."""
    preferred = next((notes["snippet"] for notes in map(notes_of, parts) if "snippet" in notes), None)
    if preferred is not None:
        return str(preferred)
    types = set(schema.types(part)) - {"null"}
    if types == {"object"}:
        return ":\n  $0"
    return ":\n  - $0" if types == {"array"} else ": "


def values_at(name: str, data: Any, path: Path) -> list[ValueChoice]:
    """The values that the key (or list item) at ``path`` may have, the likeliest first: the default among the
    allowed ones, then the other allowed ones, a default of its own, examples.

    Raises LookupError for an unknown schema.
    """
    schema = view(name)
    parts = schema.flat(schema.at(path, data), None)
    defaults = [part["default"] for part in parts if "default" in part and _scalar(part["default"])]
    yaml11 = "yaml11" in notes_of(schema.root)
    choices: dict[str, ValueChoice] = {}
    found = [(value, kind, part) for part in parts if not is_discouraged(part) for value, kind in _values(part)]
    for value, kind, part in sorted(found, key=lambda one: _RANK[one[1]]):
        written = words.as_yaml(value, yaml11=yaml11)
        about = notes_of(part).get("values", {}).get(value) or part.get("description", "")
        choices.setdefault(written, ValueChoice(written, about, kind))
    first = {words.as_yaml(value, yaml11=yaml11) for value in defaults}
    return sorted(choices.values(), key=lambda choice: (_RANK[choice.kind], choice.value not in first))


_RANK = {"enum": 0, "const": 0, "boolean": 0, "default": 1, "example": 2}


def _values(part: Schema) -> list[tuple[Any, Literal["enum", "const", "default", "example", "boolean"]]]:
    found: list[tuple[Any, Literal["enum", "const", "default", "example", "boolean"]]] = []
    found += [(value, "enum") for value in part.get("enum", ())]
    if "const" in part:
        found.append((part["const"], "const"))
    if part.get("type") == "boolean":
        found += [(True, "boolean"), (False, "boolean")]
    if "default" in part:
        found.append((part["default"], "default"))
    found += [(value, "example") for value in part.get("examples", ())]
    return [(value, kind) for value, kind in found if _scalar(value)]


def _scalar(value: Any) -> bool:
    return value is not None and not isinstance(value, (Mapping, list))


def _mapping_at(data: Any, path: Path) -> Any:
    for step in path:
        if isinstance(data, Mapping):
            data = data.get(step)
        elif isinstance(data, list) and isinstance(step, int) and 0 <= step < len(data):
            data = data[step]
        else:
            return None
    return data if isinstance(data, Mapping) else None
