"""What a run would call, and why: a pure function, so that a lens can say the same as the run does."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

from promptls.prompt.environment import MissingVariableError, UnnamedModelError, with_model
from promptls.prompt.model import ModelChoice, Prompt
from promptls.providers.embedded import MODEL as SMALL
from promptls.providers.join import is_loopback
from promptls.providers.request import Endpoint
from promptls.providers.services import SettingsError, endpoint_of, service_of, services
from promptls.rules.near import did_you_mean, nearest
from promptls.runs.plan import Hop, Target
from promptls.schema.models import services_with
from promptls.workspace.config import Config
from promptls.workspace.running import ProviderSettings, Running

KeySource: TypeAlias = Callable[[Endpoint, ProviderSettings | None], str]

ECHO: Final = "echo"
ECHO_ENDPOINT: Final = Endpoint("echo", "echo", "echo", "", auth="none")


class TargetError(ValueError):
    """A target was asked for that cannot be told. The text is a sentence for a person."""


@dataclass(frozen=True, slots=True)
class _Found:
    """What a name leads to; without hops ``why`` says why not."""

    hops: tuple[Hop, ...] = ()
    alias: str = ""
    strategy: str = "fallback"
    why: str = ""
    listed: bool = False
    """The provider is the one that the table of models knows for a name."""


def target_of(
    prompt: Prompt,
    config: Config,
    *,
    argument: str = "",
    chosen: str = "",
    keys: KeySource,
    environment: Mapping[str, str],
) -> Target:
    """The target: ``argument``, else ``chosen`` for this document, else the file's own model where it has a key, else
    the configuration's ``default``, else echo.

    Both are written ``provider/model``, ``provider`` (with the file's model), an alias, a model of the file's
    provider, ``echo`` or ``echo:provider/model``. What a person asks for is taken even without a key (the plan then
    refuses); what the file or the configuration says goes on to the next. Raises TargetError for a name of a person's
    that leads nowhere.
    """
    look = _Look(config.running, keys, environment, prompt.model or ModelChoice())
    asked = argument.strip() or chosen.strip()
    if asked:
        return look.asked(asked, "as asked" if argument.strip() else "chosen for this file")
    own = look.of_file()
    if ready := look.ready(own):
        return Target(ready, _from_file(own), own.alias, own.strategy)
    default = config.running.default.strip()
    why = own.why or look.missing(own)
    shows = own.hops[0] if own.hops else None
    if default and not _is_echo(default):
        found = look.named(default)
        if ready := look.ready(found):
            return Target(ready, f"default{'; ' + why if why else ''}", found.alias, found.strategy)
        if found.alias and not found.hops:
            why = f"{why}; {found.why}" if why else found.why
        why = why or found.why or look.missing(found)
        shows = shows or (found.hops[0] if found.hops else None)
    elif default:
        shows = shows or look.shown(default)
    return echo_target(why or "no model is named", shows)


def echo_target(why: str = "", shows: Hop | None = None) -> Target:
    """Nothing is called; the request of ``shows`` is shown."""
    return Target((Hop(ECHO_ENDPOINT, ""),), why, shows=shows)


def needs_key(endpoint: Endpoint) -> bool:
    """Servers of this machine may have a key, and mostly have none."""
    return endpoint.auth != "none" and not is_loopback(endpoint.base_url)


def _is_echo(name: str) -> bool:
    return name == ECHO or name.startswith((f"{ECHO}:", f"{ECHO}/"))


def _from_file(found: _Found) -> str:
    if found.listed:
        return f"named in the file; `{found.hops[0].endpoint.provider}` has it"
    return f"alias {found.alias}, named in the file" if found.alias else "named in the file"


def _clause(sentence: str) -> str:
    """A sentence as it stands behind other words, in parentheses."""
    begins = sentence.removeprefix("The ")
    return (sentence if begins == sentence else f"the {begins}").rstrip(".")


class _Look:
    """Looks names up in one configuration."""

    def __init__(self, running: Running, keys: KeySource, environment: Mapping[str, str], model: ModelChoice) -> None:
        self._running = running
        self._keys = keys
        self._environment = environment
        self._model = model

    def asked(self, name: str, why: str) -> Target:
        if _is_echo(name):
            shows = self.shown(name, strict=True)
            if shows is None:
                own = self.of_file()
                shows = own.hops[0] if own.hops else self.shown(self._running.default)
                # What is shown then is not what the file asks for.
                why = f"{why}; {_clause(own.why)}" if own.why else why
            return echo_target(why, shows)
        found = self.named(name)
        if not found.hops:
            raise TargetError(found.why)
        return Target(self.ready(found) or found.hops, why, found.alias, found.strategy)

    def ready(self, found: _Found) -> tuple[Hop, ...]:
        """The hops that could be called now."""
        return tuple(hop for hop in found.hops if hop.model and (hop.key_source or not needs_key(hop.endpoint)))

    def missing(self, found: _Found) -> str:
        """Why none of the hops could be called."""
        hop = found.hops[0] if found.hops else None
        if hop is None:
            return ""
        if not hop.model:
            return f"no model of {hop.endpoint.provider} is named"
        return f"{hop.endpoint.key_name or 'the key of ' + hop.endpoint.provider} is not set"

    def shown(self, name: str, *, strict: bool = False) -> Hop | None:
        """The hop whose request ``echo:provider/model`` shows. Raises TargetError where ``strict``."""
        inner = name[len(ECHO) + 1 :] if _is_echo(name) else name
        if not inner:
            return None
        found = self.named(inner)
        if strict and not found.hops:
            raise TargetError(found.why)
        return found.hops[0] if found.hops else None

    def named(self, name: str) -> _Found:
        alias = self._running.aliases.get(name)
        if alias is not None:
            found = [self._step(name, step) for step in alias.route]
            weights = alias.weights if len(alias.weights) == len(found) else (1.0,) * len(found)
            hops = tuple(
                replace(one.hops[0], weight=weight) for one, weight in zip(found, weights, strict=True) if one.hops
            )
            why = next((f"alias `{name}`: {one.why}" for one in found if one.why), f"alias `{name}` has no route")
            return _Found(hops, name, alias.strategy, "" if hops else why)
        return self._hop_named(name)

    def _step(self, alias: str, name: str) -> _Found:
        """A hop of an alias: a route names no aliases, so that none leads to itself."""
        if name in self._running.aliases and not self._known(name):
            said = "leads to itself" if name == alias else f"leads to `{name}`, an alias too"
            return _Found(why=f"its route {said}: write provider/model there")
        return self._hop_named(name)

    def _hop_named(self, name: str) -> _Found:
        """``provider/model``, ``provider``, or a model of the file's own provider."""
        provider, slash, model = name.partition("/")
        if self._known(provider):
            # Only the model of the file's own provider goes with a bare `provider`.
            return self._hop(provider, model if slash else self._own_id())
        if slash and "/" not in self._model.id:  # else a model such as `org/name`
            return _Found(why=self._unknown(provider))
        own = self.of_file(model=name)
        if own.hops:
            return own
        return _Found(why=self._unknown(provider) if slash else self._no_provider(name))

    def of_file(self, model: str = "") -> _Found:
        """What the file itself names, or ``model`` at the provider that it names."""
        own = self._model
        if not model:
            try:
                own = with_model(own, self._environment)
            except (MissingVariableError, UnnamedModelError) as error:
                return _Found(why=str(error))
        name = model or own.id
        if not model and own.id in self._running.aliases:
            return self.named(own.id)
        if not model and own.named_by:
            why = f"`{own.id}` is {own.named_by}'s name of a model: write an alias of that name into promptls.yaml"
            return _Found(why=why)
        connection = own.connection
        if connection is not None and connection.name in self._running.providers:
            return self._hop(connection.name, name or connection.deployment)
        if connection is not None and not model and connection.deployment:
            name = connection.deployment
        if not own.service:
            provider, slash, rest = name.partition("/")
            if slash and self._known(provider):
                return self._hop(provider, rest)
            default = self._running.default
            if name and default and "/" not in default and not _is_echo(default) and self._known(default):
                return self._hop(default, name)
            listed = self._listing(name) if name and not model else _Found()
            return listed if listed.hops or listed.why or not name else _Found(why=self._no_provider(name))
        candidates = [self._hop(provider, name) for provider in self._providers_of(own.service)]
        with_key = (found for found in candidates if self.ready(found))
        usable = (found for found in candidates if found.hops)
        return next(with_key, None) or next(usable, None) or candidates[0]

    def _listing(self, model: str) -> _Found:
        """The one provider that could be called for a model by the table, the one with a key before all others."""
        names = [name for service in services_with(model) for name in self._providers_of(service)]
        usable = [one for one in (self._hop(name, model) for name in names) if one.hops]
        found = [one for one in usable if self.ready(one)] or usable
        if len(found) > 1:
            several = " or ".join(f"`{one.hops[0].name}`" for one in found[:3])
            return _Found(why=f"`{model}` may be {several}: write which one")
        return replace(found[0], listed=True) if found else _Found()

    def _hop(self, provider: str, model: str) -> _Found:
        settings = self._running.providers.get(provider) or ProviderSettings(provider, origin="builtin")
        own = self._model
        is_own = bool(own.service) and own.service == (service_of(settings.type or provider))
        try:
            endpoint = endpoint_of(
                settings,
                self._environment,
                model_connection=own.connection if is_own else None,
                wire=own.wire if is_own else "",
                operation=own.operation,
            )
        except SettingsError as error:
            return _Found(why=str(error).removesuffix("."))
        if endpoint.starts and model and model != SMALL:
            return _Found(why=f"`{provider}` has no model `{model}`: write `{provider}/{SMALL}`")
        return _Found((Hop(endpoint, model, self._keys(endpoint, settings), settings),))

    def _own_id(self) -> str:
        try:
            own = with_model(self._model, self._environment)
        except (MissingVariableError, UnnamedModelError):
            return ""
        if own.connection is not None and own.connection.deployment:
            return own.connection.deployment
        if own.named_by:
            return ""
        _, slash, rest = own.id.partition("/")
        return rest if slash and not own.service else own.id

    def _known(self, provider: str) -> bool:
        return provider in self._running.providers or bool(service_of(provider))

    def _providers_of(self, service: str) -> list[str]:
        """The configured providers of a service, and the service by its own name."""
        configured = [name for name, one in self._running.providers.items() if service_of(one.type or name) == service]
        return configured if service in configured else [*configured, service]

    def _unknown(self, provider: str) -> str:
        known = [*self._running.providers, *self._running.aliases, *services()]
        hint = did_you_mean(nearest(provider, known)) or "; `promptls providers` lists those that are configured"
        return f"there is no provider or alias `{provider}`{hint}"

    def _no_provider(self, name: str) -> str:
        known = [*self._running.aliases, *self._running.providers, *services()]
        hint = did_you_mean(nearest(name, known)) or ": write provider/model, or an alias of promptls.yaml"
        return f"`{name}` names no provider{hint}"
