"""Which providers there are: configured ones and those that a key is set for; their keys' places, their answers."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from promptls.actions.discover import workspace_for
from promptls.actions.error import ActionError
from promptls.providers.dotenv import folders_for
from promptls.providers.embedded import MODEL, TITLE, installed
from promptls.providers.keys import Keys
from promptls.providers.request import Endpoint
from promptls.providers.secret import Secret
from promptls.providers.services import SettingsError, endpoint_of, service_of, services
from promptls.providers.transport import is_offline
from promptls.providers.wire import ModelInfo
from promptls.rules.near import did_you_mean, nearest
from promptls.runs.consent import Consent, consent_of, is_granted, is_listed, question_of
from promptls.runs.database import Database
from promptls.runs.plan import Hop, Question
from promptls.runs.reach import Asked, reach
from promptls.runs.target import needs_key
from promptls.text.uris import path_to_uri
from promptls.workspace.config import Config
from promptls.workspace.outside import outside_of
from promptls.workspace.running import ProviderSettings

WITHOUT = frozenset({"echo", "embedded", "openai-compatible", "custom"})
"""Services that are no provider by themselves."""
EMBEDDED = "embedded"


@dataclass(frozen=True, slots=True)
class Provider:
    """``endpoint`` is None where ``problem`` says why it cannot be called. ``age``: of the key, in seconds."""

    name: str
    settings: ProviderSettings
    configured: bool
    endpoint: Endpoint | None = None
    problem: str = ""
    key_source: str = ""
    age: float | None = None
    hint: str = ""

    @property
    def hop(self) -> Hop | None:
        return None if self.endpoint is None else Hop(self.endpoint, "", self.key_source, settings=self.settings)

    @property
    def title(self) -> str:
        name = self.endpoint.service if self.endpoint else service_of(self.settings.type or self.name)
        return services()[name].title if name in services() else ""

    @property
    def about(self) -> str:
        """What it is, where it is a model of our own: no network leads to it, and no key is for it."""
        if self.endpoint is None or not self.endpoint.starts:
            return ""
        return f"{TITLE}, served by promptls itself while a run uses `{self.name}/{MODEL}`"


@dataclass(frozen=True, slots=True)
class Checked:
    """``status``: ``answers``, ``fails``, ``not asked`` (``message`` says why)."""

    provider: Provider
    status: str
    message: str = ""
    models: tuple[ModelInfo, ...] = ()
    seconds: float = 0.0


class Desk:
    """The configuration in force for a folder, and where its keys are."""

    def __init__(self, folder: Path | str = ".", environment: Mapping[str, str] | None = None) -> None:
        self.environment = os.environ if environment is None else environment
        self.folder = os.path.abspath(folder)
        workspace = workspace_for([self.folder])
        workspace.use_outside(outside_of(self.environment))
        self.config: Config = workspace.snapshot().config(path_to_uri(os.path.join(self.folder, "x.prompty")))
        self.keys = Keys(self.environment, folders=folders_for(self.folder, self.config.root))

    def provider(self, name: str) -> Provider:
        """One by its name, configured or not. Raises ActionError where there is none of it."""
        known = self.config.running.providers
        if name not in known and not service_of(name):
            near = nearest(name, [*known, *services()])
            hint = did_you_mean(near) or f"; there are {', '.join(dict.fromkeys([*known, *services()]))}"
            raise ActionError(f"there is no provider `{name}`{hint}", usage=True)
        return self._provider(known.get(name) or ProviderSettings(name, origin="builtin"), configured=name in known)

    def providers(self, *, local: bool = False) -> Iterator[Provider]:
        """The configured ones, then services that have a key; with ``local`` those that may run on this machine. The
        embedded model, where it is installed."""
        known = self.config.running.providers
        named = {service_of(settings.type or name) for name, settings in known.items()}
        for settings in known.values():
            yield self._provider(settings, configured=True)
        for name, service in services().items():
            if name in WITHOUT or name in named:
                continue
            found = self._provider(ProviderSettings(name, origin="builtin"), configured=False)
            if found.endpoint is not None and (local if service.local else found.key_source):
                yield found
        if EMBEDDED not in named and installed(self.environment) is not None:
            yield self._provider(ProviderSettings(EMBEDDED, origin="builtin"), configured=False)

    def _provider(self, settings: ProviderSettings, *, configured: bool) -> Provider:
        try:
            endpoint = endpoint_of(settings, self.environment)
        except SettingsError as error:
            return Provider(settings.name, settings, configured, problem=str(error))
        found = self.keys.found(endpoint, settings)
        return Provider(
            settings.name,
            settings,
            configured,
            endpoint,
            key_source=found.source if found else "",
            age=found.age if found else None,
            hint="" if found or not needs_key(endpoint) else self.keys.hint(endpoint, settings),
        )


def check_providers(
    desk: Desk, providers: Iterable[Provider], database: Database | None, ask: Callable[[Question], bool]
) -> list[Checked]:
    """Ask each for its models, where that is allowed; ``ask`` is told what a person has to agree to first."""
    given = list(providers)
    why = {provider.name: _why_not(desk, provider, database, ask) for provider in given}
    called = [provider for provider in given if not why[provider.name]]
    asked = [Asked(provider.endpoint, _secret(desk, provider)) for provider in called if provider.endpoint is not None]
    offline = desk.config.running.offline
    answers = dict(
        zip([one.name for one in called], reach(asked, environment=desk.environment, offline=offline), strict=True)
    )
    checked = []
    for provider in given:
        answer = answers.get(provider.name)
        if answer is None:
            checked.append(Checked(provider, "not asked", why[provider.name]))
        elif answer.failure is not None:
            checked.append(Checked(provider, "fails", answer.failure.message))
        else:
            checked.append(Checked(provider, "answers", "", answer.models, answer.seconds))
    return checked


def own_consents(desk: Desk) -> list[tuple[Consent, Question]]:
    """What a person has to agree to for the providers that a folder's own `promptls.yaml` writes."""
    found = []
    for name in desk.config.own.providers:
        provider = desk.provider(name)
        hop = provider.hop
        consent = consent_of(hop) if hop is not None and (provider.key_source or not provider.hint) else None
        if hop is not None and consent is not None:
            found.append((consent, question_of(hop, consent)))
    return found


def _secret(desk: Desk, provider: Provider) -> Callable[[], Secret | None]:
    assert provider.endpoint is not None
    endpoint = provider.endpoint
    return lambda: desk.keys.secret(endpoint, provider.settings)


def _why_not(desk: Desk, provider: Provider, database: Database | None, ask: Callable[[Question], bool]) -> str:
    """Why a provider is not asked for its models; empty where it is."""
    running, endpoint, hop = desk.config.running, provider.endpoint, provider.hop
    if endpoint is None or hop is None:
        return provider.problem
    if endpoint.starts:
        return provider.about
    if endpoint.service == "echo":
        return "it is not on a network"
    if running.offline or is_offline(desk.environment):
        return "offline: nothing is sent"
    if refused := running.policy.refuses_host(endpoint.base_url):
        return refused
    if provider.hint:
        return f"no key: {provider.hint}"
    consent = consent_of(hop)
    if consent is None or is_listed(hop, consent, running.policy):
        return ""
    if database is not None and is_granted(database, consent):
        return ""
    if ask(question_of(hop, consent)):
        return ""
    return "you have not agreed to that yet: run it once, or use `promptls trust`"
