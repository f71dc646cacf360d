"""Providers and models in `promptls.yaml`: those that it configures itself, then those that are well known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from promptls.ide.completion.item import Completion
from promptls.ide.targets import service_of
from promptls.prompt.model import Document
from promptls.schema.files import table
from promptls.schema.models import models_of
from promptls.syntax.yaml_cursor import YamlCursor

if TYPE_CHECKING:
    from promptls.workspace.snapshot import Snapshot

_NO_PROVIDER = frozenset({"echo", "embedded", "openai-compatible", "custom"})
"""Services that are no provider by their own name."""


def routes(document: Document, cursor: YamlCursor, snapshot: Snapshot, data: Any) -> Iterator[tuple[str, Completion]]:
    """Where a run may go: for `default:` an alias or echo too; the provider first, then its models."""
    provider, slash, _ = cursor.prefix.partition("/")
    configured = _configured(document, snapshot, data)
    if slash:
        for model, about in models_of(_service(provider, configured)).items():
            window = f"{about.window:,} tokens" if about.window else ""
            target = f"{provider}/{model}"
            yield target, Completion(target, "value", cursor.replace, target, detail=window)
        return
    if cursor.path == ("default",):
        aliases = data.get("aliases") if isinstance(data, dict) else None
        for name in aliases if isinstance(aliases, dict) else ():
            if isinstance(name, str):
                yield name, Completion(name, "constant", cursor.replace, name, detail="an alias of this file")
        about_echo = "sends nothing, shows the request"
        yield "echo", Completion("echo", "constant", cursor.replace, "echo", detail=about_echo)
    for name, title in providers(document, snapshot, data).items():
        yield f"{name}/", Completion(f"{name}/", "constant", cursor.replace, f"{name}/", detail=title, again=True)
    small = "embedded/smollm2"
    yield small, Completion(small, "constant", cursor.replace, small, detail="the small model of this machine")


def providers(document: Document, snapshot: Snapshot, data: Any) -> dict[str, str]:
    """The names of providers and what each is: the configured ones, then the well-known services."""
    services = _services()
    configured = _configured(document, snapshot, data)
    found = {name: _title(services, type_) or "a provider of yours" for name, type_ in configured.items()}
    return found | {name: _title(services, name) for name in services if name not in _NO_PROVIDER and name not in found}


def well_known() -> dict[str, str]:
    """The services that need no `type:` under their own name."""
    services = _services()
    return {name: _title(services, name) for name in services if name not in _NO_PROVIDER}


def _configured(document: Document, snapshot: Snapshot, data: Any) -> dict[str, str]:
    """Name -> type of each provider: of the buffer as it is, then of all that counts here."""
    written = data.get("providers") if isinstance(data, dict) else None
    found = {
        name: str(one.get("type") or name) if isinstance(one, dict) else name
        for name, one in (written.items() if isinstance(written, dict) else ())
        if isinstance(name, str)
    }
    running = snapshot.config(document.uri).running.providers
    return found | {name: one.type or name for name, one in running.items() if name not in found}


def _service(provider: str, configured: Mapping[str, str]) -> str:
    return service_of(configured.get(provider, provider))


def _title(services: Mapping[str, Any], name: str) -> str:
    return str(services.get(name, {}).get("title", ""))


def _services() -> Mapping[str, Any]:
    return table("services")["services"]  # type: ignore[no-any-return]
