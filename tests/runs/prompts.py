"""Prompts, settings and keys for the tests of runs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from promptls.prompt.model import Document, ModelChoice, Prompt
from promptls.providers.request import Endpoint
from promptls.providers.secret import Secret
from promptls.workspace.config import Config
from promptls.workspace.files import Workspace
from promptls.workspace.running import Alias, ProviderSettings, Running
from promptls.workspace.snapshot import Snapshot

CANARY = "canary-7f3b19d2c4"


class FakeKeys:
    """Keys by the name that a person knows them by (`OPENAI_API_KEY`)."""

    def __init__(self, *names: str) -> None:
        self.names = names
        self.forgotten: list[str] = []

    def source(self, endpoint: Endpoint, settings: ProviderSettings | None) -> str:
        return f"environment {endpoint.key_name}" if endpoint.key_name in self.names else ""

    def secret(self, endpoint: Endpoint, settings: ProviderSettings | None) -> Secret | None:
        return Secret(CANARY, endpoint.key_name) if endpoint.key_name in self.names else None

    def hint(self, endpoint: Endpoint, settings: ProviderSettings | None) -> str:
        return f"set {endpoint.key_name} in the environment"

    def forget(self, endpoint: Endpoint, settings: ProviderSettings | None) -> None:
        self.forgotten.append(endpoint.provider)


def prompt_of(service: str = "", model: str = "", **more: Any) -> Prompt:
    from promptls.text import Span

    return Prompt("file:///a.prompty", "a", Span(0, 0), model=ModelChoice(model, service=service, **more))


def config_of(
    *,
    default: str = "",
    providers: Mapping[str, Mapping[str, Any]] | None = None,
    aliases: Mapping[str, Any] | None = None,
    **more: Any,
) -> Config:
    running = Running(
        default=default,
        providers={name: ProviderSettings(name, **settings) for name, settings in (providers or {}).items()},
        aliases={
            name: route if isinstance(route, Alias) else Alias(tuple(route)) for name, route in (aliases or {}).items()
        },
        **more,
    )
    return Config(running=running)


def opened(text: str, name: str = "chat.prompty") -> tuple[Document, Prompt, Snapshot]:
    """A file as an editor holds it."""
    workspace = Workspace()
    uri = f"file:///work/{name}"
    workspace.open(uri, text, 3)
    snapshot = workspace.snapshot()
    document = snapshot.document(uri)
    assert document is not None
    return document, document.prompts[0], snapshot
