"""The functions that a header declares for the model: v2's ``tools``, v1's ``parameters.tools`` in OpenAI's form."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from collections.abc import Mapping as Data
from typing import Any

from promptls.formats.prompty.choice import tools_of
from promptls.formats.prompty.header import included
from promptls.formats.prompty.recognise import V1, version_of
from promptls.formats.prompty.types import json_schema
from promptls.formats.source import Source, string
from promptls.prompt.model import ModelChoice, Tool
from promptls.syntax.yaml_tree import Mapping

NOTHING: Data[str, Any] = {"type": "object", "properties": {}}
"""The JSON Schema of a call without arguments."""


def functions(source: Source, model: ModelChoice | None, variant: str) -> tuple[Tool, ...]:
    """Of other tools (MCP servers, OpenAPI services) a model can only be told by the program that reaches them."""
    if version_of(variant) != V1:
        return tuple(_functions(source))
    written = model.parameters.get("tools") if model is not None else None
    if isinstance(written, str):
        written = _file(source)
    return tuple(openai_functions(written)) if isinstance(written, list) else ()


def openai_functions(written: Iterable[Any]) -> Iterator[Tool]:
    """Of ``[{type: function, function: {name, description, parameters, strict}}]``."""
    for each in written:
        about = each.get("function") if isinstance(each, dict) else None
        if not isinstance(about, dict) or not isinstance(about.get("name"), str):
            continue
        parameters, strict = about.get("parameters"), about.get("strict")
        yield Tool(
            about["name"],
            str(about.get("description") or ""),
            parameters if isinstance(parameters, dict) else NOTHING,
            strict if isinstance(strict, bool) else None,
        )


def _functions(source: Source) -> Iterator[Tool]:
    for name, tool in tools_of(source):
        if not name or string(source, tool.get("kind")) != "function":
            continue
        strict = source.data(tool.get("strict"))
        strict = strict if isinstance(strict, bool) else None
        yield Tool(name, string(source, tool.get("description")), _parameters(source, tool, strict is True), strict)


def _parameters(source: Source, tool: Mapping, strict: bool) -> Data[str, Any]:
    """Less those that are bound to inputs: the program fills them in (2.1.0 ``openai/executor.py``)."""
    opened = included(source, tool.get("parameters"))
    schema = json_schema(opened[0].data(opened[1])) if opened is not None and opened[1] is not None else None
    bindings = source.data(tool.get("bindings"))
    if isinstance(bindings, list):
        bindings = [each.get("name") if isinstance(each, dict) else each for each in bindings]
    bound = set(map(str, bindings)) if isinstance(bindings, dict | list) else set()
    found = {**NOTHING, **(schema or {})}
    found["properties"] = {key: value for key, value in found["properties"].items() if key not in bound}
    required = [key for key in found.pop("required", ()) if key not in bound]
    closed = found.pop("additionalProperties", False)
    return {
        **found,
        **({"required": required} if required else {}),
        **({"additionalProperties": closed} if strict else {}),
    }


def _file(source: Source) -> Any:
    root = source.root()
    model = root.get("model") if root is not None else None
    parameters = model.get("parameters") if isinstance(model, Mapping) else None
    opened = included(source, parameters.get("tools")) if isinstance(parameters, Mapping) else None
    return opened[0].data(opened[1]) if opened is not None else None
