"""The schema of an answer in the form that OpenAI's strict mode takes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

_UNSAID: Final = (
    "patternProperties", "not", "dependentRequired", "dependentSchemas", "if", "then", "else", "allOf", "oneOf",
    "$dynamicRef",
)  # fmt: skip
"""What strict mode refuses (vendor's page on structured outputs)."""
_DEEPEST: Final = 10


def strict_schema(schema: Mapping[str, Any]) -> dict[str, Any] | None:
    """Every object closed, every property required, optional ones nullable; None where that changes what is meant.

    An optional property may therefore come back as null where the schema of the file says that it is left out.
    """
    try:
        found = _strict(schema, 0)
    except _CannotBeStrictError:
        return None
    return found if found.get("type") == "object" else None


class _CannotBeStrictError(ValueError):
    pass


def _strict(schema: Any, depth: int) -> dict[str, Any]:
    if not isinstance(schema, Mapping) or depth > _DEEPEST or any(key in schema for key in _UNSAID):
        raise _CannotBeStrictError
    changed = dict(schema)
    kind = schema.get("type")
    kinds = kind if isinstance(kind, list) else [kind]
    if "object" in kinds or "properties" in schema:
        if schema.get("additionalProperties") not in (None, False) or not schema.get("properties"):
            raise _CannotBeStrictError
        required = schema.get("required") or []
        changed["properties"] = {
            name: inner if name in required else _nullable(inner)
            for name, inner in ((name, _strict(each, depth + 1)) for name, each in schema["properties"].items())
        }
        changed["required"] = list(schema["properties"])
        changed["additionalProperties"] = False
    if "array" in kinds and "items" not in schema:
        raise _CannotBeStrictError
    if "items" in schema:
        changed["items"] = _strict(schema["items"], depth + 1)
    if "anyOf" in schema:
        changed["anyOf"] = [_strict(each, depth + 1) for each in schema["anyOf"]]
    for key in ("$defs", "definitions"):
        if isinstance(schema.get(key), Mapping):
            changed[key] = {name: _strict(each, depth + 1) for name, each in schema[key].items()}
    return changed


def _nullable(schema: dict[str, Any]) -> dict[str, Any]:
    kind = schema.get("type")
    if isinstance(kind, str) and kind != "null":
        schema = {**schema, "type": [kind, "null"]}
    elif isinstance(kind, list) and "null" not in kind:
        schema = {**schema, "type": [*kind, "null"]}
    elif "anyOf" in schema:
        schema = {**schema, "anyOf": [*schema["anyOf"], {"type": "null"}]}
    elif kind is None:
        return {"anyOf": [schema, {"type": "null"}]}
    if isinstance(schema.get("enum"), list) and None not in schema["enum"]:
        schema["enum"] = [*schema["enum"], None]
    return schema


def closed(schema: Mapping[str, Any]) -> dict[str, Any]:
    """The schema of a tool's arguments, which may be none at all."""
    return dict(schema) if schema else {"type": "object", "properties": {}}


def schema_name(name: str) -> str:
    """A name as OpenAI takes it: ``[A-Za-z0-9_-]{1,64}``."""
    return re.sub(r"[^A-Za-z0-9_-]+", "_", name).strip("_")[:64] or "answer"
