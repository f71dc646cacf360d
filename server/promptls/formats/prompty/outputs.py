"""Edits that declare the shape of the answer: `outputs`, a list of properties, or v1's map of them."""

from __future__ import annotations

from collections.abc import Mapping as Data
from typing import Any

from promptls.formats.extent import declaration
from promptls.formats.placing import is_broken, layout, new_key
from promptls.formats.prompty.recognise import V1, version_of
from promptls.formats.prompty.spelling import BEFORE_INPUTS
from promptls.formats.prompty.types import DEEPEST
from promptls.formats.yaml_block import block
from promptls.prompt.model import Document, Prompt
from promptls.syntax.yaml_tree import Mapping
from promptls.text import Edit

_V1_WORDS = {"integer": "number"}
_V2_WORDS = {"number": "float"}


def set_output(document: Document, prompt: Prompt, schema: Data[str, Any]) -> tuple[Edit, ...]:
    """Writes `outputs` anew, or for the first time. None where the shape is no object, which Prompty cannot say, or
    the header is too broken to write into."""
    root = document.yaml.root if document.yaml is not None else None
    if not isinstance(root, Mapping) or root.flow or is_broken(document) or schema.get("type") != "object":
        return ()
    old = version_of(prompt.variant) == V1
    at = next((index for index, entry in enumerate(root.entries) if entry.name == "outputs"), None)
    as_map = old if at is None else isinstance(root.entries[at].value, Mapping)
    place = layout(document, root)
    written: Any = _properties(schema, old, 0)
    if as_map:
        written = {each.pop("name"): each for each in written}
    lines = list(block({"outputs": written}, len(place.margin)))
    if at is None:
        return (new_key(document, root, lines, (*BEFORE_INPUTS, "inputs", "sample")),)
    span = declaration(document.text.value, root, at)
    return (Edit(document.uri, span, "".join(f"{line}\n" for line in lines)),)


def _properties(schema: Data[str, Any], old: bool, depth: int) -> list[dict[str, Any]]:
    required = schema.get("required") or ()
    named = schema.get("properties") or {}
    return [{"name": name, **_property(about, name in required, old, depth)} for name, about in named.items()]


def _property(about: Any, required: bool, old: bool, depth: int) -> dict[str, Any]:
    schema: Data[str, Any] = about if isinstance(about, Data) else {}
    named = schema.get("type")
    types = [named] if isinstance(named, str) else list(named or ())
    kinds = [each for each in types if each != "null"]
    # Prompty 2.1.0 refuses a property without a kind.
    kind = kinds[0] if len(kinds) == 1 else "string"
    found: dict[str, Any] = {"type": _V1_WORDS.get(kind, kind)} if old else {"kind": _V2_WORDS.get(kind, kind)}
    if isinstance(schema.get("description"), str):
        found["description"] = schema["description"]
    if old:
        # 0.1.50 refuses the file for any further key (`core.py`, PropertySettings).
        return found
    if "null" in types:
        found["nullable"] = True
    if required:
        found["required"] = True
    if isinstance(schema.get("enum"), list):
        found["enumValues"] = schema["enum"]
    if depth > DEEPEST:
        return found
    if kind == "array":
        # Prompty 2.1.0 refuses a list that does not say what is in it.
        found["items"] = _property(schema.get("items"), False, old, depth + 1)
    if kind == "object" and schema.get("properties"):
        found["properties"] = _properties(schema, old, depth + 1)
    return found
