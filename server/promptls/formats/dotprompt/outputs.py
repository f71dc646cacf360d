"""Edits that declare the shape of the answer: `output: schema:`, as Picoschema, or as JSON Schema where that is."""

from __future__ import annotations

from collections.abc import Mapping as Data
from typing import Any

from promptls.formats.dotprompt.header import RESERVED
from promptls.formats.dotprompt.picoschema import SCALARS, WILDCARD
from promptls.formats.extent import declaration
from promptls.formats.placing import is_broken, layout, margin_of, new_key
from promptls.formats.yaml_block import block
from promptls.prompt.model import Document, Prompt
from promptls.syntax.yaml_tree import Mapping, Scalar
from promptls.text import Edit

_ABOVE = tuple(key for key in RESERVED if key not in ("output", "ext", "raw"))
_DEEPEST = 20


def set_output(document: Document, prompt: Prompt, schema: Data[str, Any]) -> tuple[Edit, ...]:
    """Writes the shape anew, or for the first time. None where the header is too broken to write into, or `output`
    is written on one line."""
    root = document.yaml.root if document.yaml is not None else None
    if not isinstance(root, Mapping) or root.flow or is_broken(document):
        return ()
    place = layout(document, root)
    entry = root.entry("output")
    about = entry.value if entry is not None else None
    if entry is None or (isinstance(about, Scalar) and about.value is None):
        lines = block({"output": {"format": "json", "schema": _written(schema, as_json=False)}}, len(place.margin))
        if entry is None:
            return (new_key(document, root, list(lines), _ABOVE),)
        at = next(index for index, one in enumerate(root.entries) if one is entry)
        return (Edit(document.uri, declaration(document.text.value, root, at), _text(lines)),)
    if not isinstance(about, Mapping) or about.flow or not about.entries:
        return ()
    margin = margin_of(document, about.entries[0].key.span.start)
    at = next((index for index, one in enumerate(about.entries) if one.name == "schema"), len(about.entries))
    old = about.entries[at].value if at < len(about.entries) else None
    as_json = isinstance(old, Mapping) and isinstance(old.get("properties"), Mapping)
    lines = block({"schema": _written(schema, as_json=as_json)}, len(margin))
    if old is not None:
        return (Edit(document.uri, declaration(document.text.value, about, at), _text(lines)),)
    end = declaration(document.text.value, about, at - 1)
    return (Edit(document.uri, end._replace(start=end.end), _text(lines)),)


def _text(lines: Any) -> str:
    return "".join(f"{line}\n" for line in lines)


def _written(schema: Data[str, Any], *, as_json: bool) -> Any:
    pico = None if as_json else _pico(schema, 0)
    return dict(schema) if pico is None else pico


def _pico(schema: Any, depth: int) -> Any:
    """The schema as Picoschema; None where that has no words for it."""
    if not isinstance(schema, Data) or depth > _DEEPEST:
        return None
    kind = _kind(schema)
    if kind == "object":
        fields = _fields(schema, depth)
        return None if fields is None or (depth == 0 and not fields) else fields
    if depth == 0 or kind not in SCALARS or schema.keys() - {"type", "description"}:
        return "any" if depth and not schema.keys() - {"description"} else None
    return f"{kind}, {schema['description']}" if schema.get("description") else kind


def _fields(schema: Data[str, Any], depth: int) -> dict[str, Any] | None:
    found: dict[str, Any] = {}
    for name, about in (schema.get("properties") or {}).items():
        if not isinstance(about, Data) or not isinstance(name, str) or set(name) & set("(),?"):
            return None
        optional = "" if name in (schema.get("required") or ()) else "?"
        described = f", {about['description']}" if about.get("description") else ""
        kind = "enum" if "enum" in about else _kind(about)
        if "(" in described or ")" in described:
            return None
        if kind == "enum":
            found[f"{name}{optional}(enum{described})"] = [each for each in about["enum"] if each is not None]
            continue
        inner = _pico(about.get("items", {}) if kind == "array" else about, depth + 1)
        if inner is None or (kind == "array" and _kind(about.get("items", {})) == "array"):
            return None
        key = f"{name}{optional}({kind}{described})" if kind in ("array", "object") else f"{name}{optional}"
        found[key] = inner
    if schema.get("additionalProperties", False) is not False or (not found and depth):
        found[WILDCARD] = "any"
    return found


def _kind(schema: Any) -> str:
    named = schema.get("type") if isinstance(schema, Data) else None
    kinds = [each for each in ([named] if isinstance(named, str) else named or ()) if each != "null"]
    return str(kinds[0]) if len(kinds) == 1 else ""
