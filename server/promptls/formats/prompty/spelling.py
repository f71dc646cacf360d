"""How a declaration and a value are spelled in YAML, in the style of the file that they go into."""

from __future__ import annotations

from typing import TypeAlias

from promptls.formats.prompty.recognise import V1, version_of
from promptls.formats.written import as_yaml
from promptls.prompt.types import ValueType

Keys: TypeAlias = "list[tuple[str, str]]"
"""The keys of a declaration and their values as YAML, in order."""

BEFORE_INPUTS = (
    *("name", "displayName", "description", "authors", "tags", "version", "metadata", "base"),
    *("api", "model", "id", "$schema"),
)
"""The keys that people write above the inputs."""

_V2 = {"integer": "integer", "number": "float", "boolean": "boolean", "array": "array", "object": "object"}
_V1 = {"integer": "number", "number": "number", "boolean": "boolean", "array": "array", "object": "object"}
_EMPTY = {"integer": 0, "number": 0, "boolean": False, "array": [], "object": {}}


def declaration_of(type: ValueType, variant: str) -> Keys:
    """The keys of a declaration after its name: ``[("kind", "array"), ("items", "{kind: string}")]``."""
    if version_of(variant) == V1:
        return [("type", _word(type, _V1))]
    if type.label:
        return [("kind", type.label)]
    word = _word(type, _V2)
    if word != "array":
        return [("kind", word)]
    # 2.1.0 refuses an array that does not say what is in it.
    return [("kind", word), ("items", f"{{kind: {_word(type.items or ValueType(), _V2, inner=True)}}}")]


def flow(keys: Keys) -> str:
    return "{" + ", ".join(f"{key}: {value}" for key, value in keys) + "}"


def placeholder(type: ValueType) -> str:
    """A value of the type, where a file declares its inputs by values."""
    return as_yaml(_EMPTY.get(_only(type), ""))


def _word(type: ValueType, words: dict[str, str], *, inner: bool = False) -> str:
    word = words.get(_only(type), "string")
    return "object" if inner and word == "array" else word


def _only(type: ValueType) -> str:
    kinds = type.kinds - {"null"}
    return "number" if kinds == {"integer", "number"} else next(iter(kinds)) if len(kinds) == 1 else ""
