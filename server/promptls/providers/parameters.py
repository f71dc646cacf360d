"""The settings of a model in a wire format's own words, by ``schemas/data/parameters.json`` and a service's quirks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from promptls.providers.request import Endpoint, Request
from promptls.providers.services import services, wires
from promptls.providers.wire import Unmapped
from promptls.schema.files import table


def parameters() -> Mapping[str, Mapping[str, Any]]:
    """The table: name -> ``{type, description, wires, list?, operations?}``."""
    known: Mapping[str, Mapping[str, Any]] = table("parameters")["parameters"]
    return known


def path_of(name: str, endpoint: Endpoint, operation: str = "chat") -> str | None:
    """Where in the body a setting stands (``options.num_predict``); None where this provider has no word for it."""
    renamed: Mapping[str, str | None] = endpoint.quirks.get("parameters") or {}
    if operation == "chat" and name in renamed:
        return renamed[name]
    entry: Mapping[str, Any] = parameters().get(name, {})
    if operation == "chat":
        paths: Mapping[str, str | None] = entry.get("wires", {})
        return paths.get(endpoint.wire)
    paths = entry.get("operations", {})
    return paths.get(f"{endpoint.wire.split('-')[0]}-{operation}")


def name_of(path: str, endpoint: Endpoint) -> str:
    """Our name of a setting that a provider speaks of in its own words; empty where it is none of ours."""
    last = path.rpartition(".")[2]
    for name in parameters():
        own = path_of(name, endpoint)
        if own and (own == path or own.rpartition(".")[2] == last):
            return name
    return path if path in parameters() else ""


def placed(request: Request, endpoint: Endpoint) -> Iterator[tuple[str, str, Any]]:
    """``(our name, path in the body, value)`` of each setting that this provider has a word for."""
    for name, value in request.options.items():
        path = path_of(name, endpoint, request.operation)
        if path is not None and value is not None:
            listed = parameters().get(name, {}).get("list") and not isinstance(value, (list, tuple))
            yield name, path, [value] if listed else value


def unmapped(request: Request, endpoint: Endpoint) -> tuple[Unmapped, ...]:
    """The settings that this provider has no word for, each with a sentence, and the places that nobody fills."""
    service = services().get(endpoint.service)
    wire = wires()[endpoint.wire].title if endpoint.wire in wires() else endpoint.wire
    found = []
    for name, value in request.options.items():
        if value is None or path_of(name, endpoint, request.operation) is not None:
            continue
        refused = name in (endpoint.quirks.get("parameters") or {}) and service is not None
        who = service.title if refused and service is not None else wire
        about = "" if request.operation == "chat" else f" for the operation `{request.operation}`"
        why = " and a run shows one answer" if name == "n" else ""
        if name == "n" and value == 1:
            continue
        found.append(Unmapped(name, f"`{name}` is left out: {who} has no word for it{about}{why}."))
    sections = {part.value: None for each in request.messages for part in each.parts if part.type == "section"}
    for name in sections:
        sentence = f"The section `{name}` is left out: only the application that uses the prompt fills it."
        found.append(Unmapped("section", sentence))
    return tuple(found)


def put(body: dict[str, Any], path: str, value: Any) -> None:
    """Sets ``a.b.c`` in nested dicts, making those that are missing."""
    *outer, last = path.split(".")
    for name in outer:
        inner = body.get(name)
        if not isinstance(inner, dict):
            inner = body[name] = {}
        body = inner
    body[last] = value


def merge(body: dict[str, Any], extra: Mapping[str, Any]) -> None:
    """What the person wrote in the provider's own words, on top: maps are merged, all else is replaced."""
    for name, value in extra.items():
        inner = body.get(name)
        if isinstance(inner, dict) and isinstance(value, Mapping):
            inner = body[name] = dict(inner)
            merge(inner, value)
        else:
            body[name] = value
