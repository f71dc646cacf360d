"""One thing that does not fit, before it has a span; how bad it is and in which words, as the schema has it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from promptls.schema import words
from promptls.schema.navigate import Schema, View, json_type, notes_of
from promptls.syntax.yaml_tree import Path

Kind = Literal["unknown-key", "missing-key", "wrong-type", "invalid-value", "too-long", "deprecated-key", "ignored-key"]
Level = Literal["error", "warning", "information", "hint"]

_WEIGHTS = (None, "hint", "information", "warning", "error")


@dataclass(frozen=True, slots=True)
class Issue:
    """``path``: the key, or for a missing one its container. ``at_key``: the key is to be underlined, not the value."""

    kind: Kind
    path: Path
    message: str
    severity: Level | None = None
    data: Mapping[str, Any] = field(default_factory=dict)
    at_key: bool = False


def severity_of(view: View, kind: Kind, schemas: Iterable[Schema], value: Any = None) -> Level | None:
    """What the first schema that speaks of such a case says; it may tell apart values by their JSON type."""
    for schema in schemas:
        level = notes_of(schema).get("severity", {}).get(kind)
        if isinstance(level, Mapping):
            level = level.get(json_type(value), level.get("*"))
        if level:
            found: Level = level
            return found
    default: Level | None = notes_of(view.root).get("defaults", {}).get(kind)
    return default


def graver(one: Level | None, other: Level | None) -> Level | None:
    return max(one, other, key=_WEIGHTS.index)


def said(kind: Kind, schemas: Iterable[Schema]) -> str:
    """The sentence that the schema itself has for such a case."""
    for schema in schemas:
        if sentence := notes_of(schema).get("message", {}).get(kind):
            return str(sentence)
    return ""


def name_of(path: Path) -> str:
    """The place of a value, as a message begins with it."""
    last = path[-1] if path else ""
    if isinstance(last, int):
        return f"item {last + 1}" + (f" of `{words.short(str(path[-2]))}`" if len(path) > 1 else "")
    return f"`{words.short(last)}`" if last else "the header"


def container_of(path: Path, flat: Sequence[Schema]) -> str:
    """The map that a key belongs to: its own key, or what the schema calls such a map."""
    if path and isinstance(path[-1], str):
        return f"`{words.short(path[-1])}`"
    titles: list[str] = [schema["title"] for schema in flat if "title" in schema]
    return titles[-1] if titles else "this map"


def meant(value: Any, known: Sequence[Any], schema: Schema) -> str | None:
    """The allowed value that was meant: by the schema's synonyms, or the nearest."""
    if not isinstance(value, str):
        return None
    synonyms: Mapping[str, str] = notes_of(schema).get("synonyms", {})
    names = tuple(name for name in known if isinstance(name, str))
    return synonyms.get(value) or synonyms.get(value.lower()) or words.nearest(value, names)
