"""The model that a header names, and the functions that it defines for it."""

from __future__ import annotations

from typing import Any

from promptls.formats.dotprompt.picoschema import FindSchema, convert
from promptls.formats.option_places import option_places
from promptls.formats.source import Source, as_mapping, real, string
from promptls.prompt.model import ModelChoice, Tool
from promptls.schema.settings import service_of, settings
from promptls.syntax.yaml_tree import Mapping, Sequence

SCHEMA = "dotprompt"
NOTHING: dict[str, Any] = {"type": "object", "properties": {}}


def model_choice(source: Source) -> ModelChoice | None:
    """The model by its name, which says the provider before a slash: ``googleai/gemini-2.5-flash``.

    ``config.version`` names the exact model where the name leaves it open; ``toolChoice`` is Genkit's.
    """
    root = source.root()
    node = real(source, root.get("model")) if root is not None else None
    config = source.data(root.get("config")) if root is not None else None
    parameters = {str(key): value for key, value in config.items()} if isinstance(config, dict) else {}
    named = string(source, node)
    provider, _, model = named.partition("/") if "/" in named else ("", "", named)
    version = parameters.get("version")
    found = settings(SCHEMA, ("config",), parameters)
    choice = string(source, root.get("toolChoice")) if root is not None else ""
    options = {**found.options, **({"tool_choice": choice} if choice else {})}
    if not named and not parameters:
        return None
    service = service_of(SCHEMA, ("model",), provider)
    # A provider that is no service may be one of the configuration: the run looks it up by the whole name.
    return ModelChoice(
        version if service and isinstance(version, str) and version else model if service else named,
        provider,
        parameters=parameters,
        span=node.span if named and node is not None else None,
        service=service,
        options=options,
        extra=found.extra,
        places=option_places(source, root.get("config"), SCHEMA, ("config",)) if root is not None else {},
    )


def tools(source: Source) -> tuple[str, ...]:
    """The names that the application resolves, and the tools that the file itself defines."""
    root = source.root()
    named = source.data(root.get("tools")) if root is not None else None
    found = [name for name in named if isinstance(name, str)] if isinstance(named, list) else []
    found += [name for name in (string(source, about.get("name")) for about in _defined(source)) if name]
    return tuple(dict.fromkeys(found))


def functions(source: Source, find_schema: FindSchema) -> tuple[Tool, ...]:
    """The tools of ``toolDefs``. Those of ``tools`` are known to the application alone."""
    found = []
    for about in _defined(source):
        name, written = string(source, about.get("name")), about.get("inputSchema")
        schema = convert(source, written, "invalid-value", find_schema).schema if written is not None else None
        if name:
            found.append(Tool(name, string(source, about.get("description")), schema or NOTHING))
    return tuple(found)


def _defined(source: Source) -> list[Mapping]:
    root = source.root()
    written = real(source, root.get("toolDefs")) if root is not None else None
    items = written.items if isinstance(written, Sequence) else ()
    return [about for about in (as_mapping(source, item) for item in items) if about is not None]
