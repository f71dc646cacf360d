"""The services that can be called and the wire formats, as ``schemas/data/services.json`` has them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, NamedTuple

from promptls.schema.files import table


@dataclass(frozen=True, slots=True)
class Service:
    """One entry of ``services.json``; the words are explained there."""

    name: str
    title: str
    wire: str
    wires: tuple[str, ...]
    base_url: str = ""
    base_url_env: tuple[str, ...] = ()
    auth: str = "bearer"
    auth_by_key: Mapping[str, str] = field(default_factory=dict)
    auth_of_one_key: str = ""
    keys: tuple[str, ...] = ()
    key_help: str = ""
    headers_env: Mapping[str, str] = field(default_factory=dict)
    region_env: tuple[str, ...] = ()
    project_env: tuple[str, ...] = ()
    api_version_env: tuple[str, ...] = ()
    suffix: str = ""
    root: bool = False
    exact: bool = False
    local: bool = False
    starts: bool = False
    needs: tuple[str, ...] = ()
    dated: Mapping[str, Any] = field(default_factory=dict)
    quirks: Mapping[str, Any] = field(default_factory=dict)
    synonyms: tuple[str, ...] = ()
    gen_ai: str = ""
    source: str = ""


class WireTitle(NamedTuple):
    title: str
    version: str
    operations: tuple[str, ...]


@cache
def services() -> Mapping[str, Service]:
    """All services by name, in the order of the table."""
    return {
        name: Service(name, **{"wires": (entry["wire"],), **{key: _frozen(value) for key, value in entry.items()}})
        for name, entry in table("services")["services"].items()
    }


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


@cache
def wires() -> Mapping[str, WireTitle]:
    """The wire formats by name: their title, the version in their addresses, what they can be asked for."""
    return {
        name: WireTitle(entry["title"], entry["version"], tuple(entry["operations"]))
        for name, entry in table("services")["wires"].items()
    }


def service_of(name: str) -> str:
    """The service that a name stands for (``claude`` is ``anthropic``); empty where it stands for none."""
    return by_name().get(name.strip().casefold(), "")


@cache
def by_name() -> Mapping[str, str]:
    """Every word for a service, in small letters, with its name."""
    return {word: service.name for service in services().values() for word in (service.name, *service.synonyms)}
