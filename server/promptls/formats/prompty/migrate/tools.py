"""``model.parameters.tools`` of v1, in OpenAI's form, as v2's ``tools``."""

from __future__ import annotations

import re
from typing import Any, TypeAlias

from promptls.formats.outline import Item, Raw, new
from promptls.formats.prompty.migrate.draft import Draft
from promptls.formats.written import as_yaml

Lines: TypeAlias = "list[str]"

_KINDS = {"string": "string", "integer": "integer", "number": "float", "boolean": "boolean"}
_DEEPEST = 10
_COMMENT = re.compile(r"(?:^|(?<=\s))#[^\n]*")


def declared_tools(draft: Draft, item: Item) -> bool:
    """Writes the tools at the top of the header. False where v2's properties cannot say all that they say."""
    from promptls.formats.prompty.migrate.model import file_data

    written = draft.written(item)
    data = file_data(draft, written.strip("\"' ")) if written.strip("\"' ").startswith("${") else draft.data(item)
    tools = [_tool(each) for each in data] if isinstance(data, list) and data else []
    if not tools or any(tool is None for tool in tools) or draft.root.item("tools") is not None:
        return False
    lines = [line for tool in tools for line in _listed(tool or [])]
    kept = [f"# {comment.lstrip('# ')}" for comment in _comments(written)]
    place = new("tools", Raw(["", *lines]), item)
    place.above = [*(line.lstrip() for line in item.above), *kept]
    model = draft.root.item("model")
    assert model is not None
    draft.root.items.insert(draft.root.at(model) + 1, place)
    return True


def _comments(written: str) -> list[str]:
    # A sharp sign in a quoted or block text is none; keeping one comment too many does no harm.
    return _COMMENT.findall(written) if "\n" in written else []


def _tool(tool: Any) -> Lines | None:
    """The lines of one tool after its dash; None where it is not a function that can be written so."""
    if not isinstance(tool, dict) or set(tool) != {"type", "function"} or tool["type"] != "function":
        return None
    about = tool["function"]
    if not isinstance(about, dict) or not set(about) <= {"name", "description", "parameters", "strict"}:
        return None
    if not isinstance(about.get("name"), str):
        return None
    lines = [f"name: {as_yaml(about['name'])}", "kind: function"]
    if about.get("description"):
        lines.append(f"description: {as_yaml(about['description'])}")
    if "parameters" in about:
        properties = _properties(about["parameters"], 0)
        if properties is None:
            return None
        lines += ["parameters:", *(f"  {line}" for line in properties)] if properties else []
    if about.get("strict") is not None:
        lines.append(f"strict: {as_yaml(about['strict'])}")
    return lines


def _properties(schema: Any, depth: int) -> Lines | None:
    """A JSON Schema of an object as properties by name."""
    if not isinstance(schema, dict) or depth > _DEEPEST or schema.get("type") != "object":
        return None
    if not set(schema) <= {"type", "properties", "required", "description", "additionalProperties"}:
        return None
    properties, required = schema.get("properties") or {}, schema.get("required") or []
    if not isinstance(properties, dict) or not isinstance(required, list):
        return None
    lines: Lines = []
    for name, about in properties.items():
        own = _property(about, depth + 1)
        if own is None or not isinstance(name, str):
            return None
        more = ["required: true"] if name in required else []
        lines += [f"{as_yaml(name)}:", *(f"  {line}" for line in [*own[:1], *more, *own[1:]])]
    return lines


def _property(about: Any, depth: int) -> Lines | None:
    if not isinstance(about, dict) or depth > _DEEPEST or not isinstance(about.get("type"), str):
        return None
    kind = about["type"]
    lines = [f"kind: {_KINDS.get(kind, kind)}"]
    if about.get("description"):
        lines.append(f"description: {as_yaml(about['description'])}")
    if kind in _KINDS:
        if not set(about) <= {"type", "description", "enum"}:
            return None
        return [*lines, f"enumValues: {as_yaml(about['enum'])}"] if about.get("enum") else lines
    if kind == "array" and set(about) <= {"type", "description", "items"}:
        items = _property(about.get("items"), depth + 1)
        return [*lines, "items:", *(f"  {line}" for line in items)] if items is not None else None
    if kind == "object":
        inner = _properties(about, depth + 1)
        if inner is None:
            return None
        return [*lines, "properties:", *(f"  {line}" for line in inner)] if inner else lines
    return None


def _listed(lines: Lines) -> Lines:
    return [f"  {'- ' if index == 0 else '  '}{line}" for index, line in enumerate(lines)]
