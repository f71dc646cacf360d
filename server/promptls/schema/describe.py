"""What a key is: the facts of a hover card, from the schema's own words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from promptls.schema import words
from promptls.schema.navigate import Schema, View, notes_of, view
from promptls.syntax.yaml_tree import Path


@dataclass(frozen=True, slots=True)
class KeyCard:
    """``type``: in people's words (``string or map``). ``default``, ``enum`` and ``examples`` are values.

    ``source``: where the key is defined: a repository with its commit, a package with its version.
    ``default`` is None where there is none (no key of a prompt file has a null default).
    """

    name: str
    type: str
    description: str
    default: Any = None
    enum: tuple[Any, ...] = ()
    examples: tuple[Any, ...] = ()
    deprecated: bool = False
    replaced_by: str = ""
    ignored_by: str = ""
    source: str = ""


def describe(name: str, data: Any, path: Path) -> KeyCard | None:
    """The card of the key at ``path``; None where the schema does not know it.

    ``data`` tells the branches of a oneOf apart. Raises LookupError for an unknown schema.
    """
    if not path:
        return None
    schema = view(name)
    return card_of(schema, str(path[-1]), schema.at(path, data))


def card_of(schema: View, name: str, schemas: Sequence[Schema]) -> KeyCard | None:
    parts = schema.flat(schemas, None)
    # Of several descriptions the nearest is the one that was written for this key.
    own = [schema.resolve(part) for part in schemas]
    described = next((part for part in (*reversed(own), *parts) if part.get("description")), None)
    if described is None:
        return None
    notes: dict[str, Any] = {}
    for part in parts:
        notes |= notes_of(part)
    values = [value for part in parts for value in ([part["const"]] if "const" in part else part.get("enum", ()))]
    examples = [value for part in parts for value in part.get("examples", ())]
    return KeyCard(
        name=name,
        type=type_words(schema, own),
        description=described["description"],
        default=next((part["default"] for part in parts if "default" in part), None),
        enum=_distinct(values),
        examples=_distinct(examples),
        deprecated=any(part.get("deprecated", False) for part in parts),
        replaced_by=notes.get("replacedBy", ""),
        ignored_by=notes.get("ignoredBy", notes.get("refusedBy", "")),
        source=source_words(schema, next((notes_of(part) for part in parts if "source" in notes_of(part)), {})),
    )


def type_words(schema: View, schemas: Sequence[Schema]) -> str:
    """``string or map``, ``list of strings``, ``any value``."""
    for part in schemas:
        if types := schema.types(part):
            return " or ".join(dict.fromkeys(_type_word(schema, part, name) for name in types if name != "null"))
    return "any value"


def _type_word(schema: View, part: Schema, name: str) -> str:
    items = schema.resolve(part).get("items")
    if name == "array" and isinstance(items, Mapping) and len(found := schema.types(items)) == 1:
        return f"list of {words.type_word(found[0])}s"
    return words.type_word(name)


def source_words(schema: View, notes: Mapping[str, Any]) -> str:
    """The source in words; the schema keeps each once, under a short name, at its root."""
    root = notes_of(schema.root)
    key = notes.get("source", root.get("source", ""))
    return str(root.get("sources", {}).get(key, key))


def _distinct(values: Sequence[Any]) -> tuple[Any, ...]:
    return tuple({words.as_yaml(value): value for value in values}.values())
