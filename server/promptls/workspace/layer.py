"""One file's share of the settings for runs, and how the shares are put together.

user file < promptls.yaml < editor < policy. A name is the later one's; of what protects (budget, limits, offline, what
the history keeps) the strictest counts, so that no project can lift what its user has set.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from promptls.workspace.running import Alias, Limits, Policy, ProviderSettings, Running

_REFERENCE: Final = re.compile(r"\$\{env:[^}:\s]+\}")
_STRATEGIES: Final = ("fallback", "round-robin", "weighted", "cheapest", "fastest")
_LOGS: Final = ("full", "redacted", "off")
"""From the loosest to the strictest."""
_PATHS: Final = ("path", "models")
"""Quirks that are addresses, or the end of one."""
_MOST: Final = 1000
"""Providers and aliases that are read of one file."""


@dataclass(frozen=True, slots=True)
class Layer:
    """As in ``Running``, where empty or None means that the file says nothing of it."""

    default: str = ""
    providers: Mapping[str, ProviderSettings] = field(default_factory=dict)
    aliases: Mapping[str, Alias] = field(default_factory=dict)
    limits: Mapping[str, Limits] = field(default_factory=dict)
    per_run: float | None = None
    per_day: float | None = None
    offline: bool = False
    log_prompts: str = ""
    keep_days: int | None = None
    folder: str = ""
    """Of a project: its folder, whose runs alone it may have forgotten."""


def read_layer(data: Any, origin: str, folder: str) -> Layer:
    """What a file says; what is not of its type is left out. ``folder``: what paths are relative to.

    A ``key_command`` is read of the user's own file and the policy only: whoever sends a project must not be able to
    start programs.
    """
    settings = _mapping(data)
    budget = _mapping(settings.get("budget"))
    prompts = _mapping(settings.get("prompts"))
    return Layer(
        default=_text(settings.get("default")),
        providers={
            name: _provider(name, _mapping(value), origin, folder)
            for name, value in _first(settings.get("providers"))
            if value is None or isinstance(value, dict)
        },
        aliases={
            name: alias for name, value in _first(settings.get("aliases")) if (alias := _alias(value)) is not None
        },
        limits={name: _limits(_mapping(value)) for name, value in _first(settings.get("limits"))},
        per_run=_number(budget.get("per_run"), 0),
        per_day=_number(budget.get("per_day"), 0),
        offline=settings.get("offline") is True,
        log_prompts=_log(prompts.get("log")),
        keep_days=_whole(prompts.get("keep_days"), 0),
        folder=folder if origin == "workspace" else "",
    )


def combine(layers: Iterable[Layer], policy: Policy = Policy()) -> Running:  # noqa: B008 frozen
    """All layers as one, the weakest first."""
    providers: dict[str, ProviderSettings] = {}
    aliases: dict[str, Alias] = {}
    limits: dict[str, Limits] = {}
    default, log = "", "redacted" if not policy.problem else "off"
    given = tuple(layers)
    for layer in given:
        default = layer.default or default
        aliases |= layer.aliases
        for name, settings in layer.providers.items():
            providers[name] = _over(providers.get(name), settings)
        for name, limit in layer.limits.items():
            limits[name] = _tighter(limits.get(name, Limits()), limit)
    said = [layer.log_prompts for layer in given if layer.log_prompts]
    if said and not policy.problem:
        log = max(said, key=_LOGS.index)
    return Running(
        default=default,
        providers=providers,
        aliases=aliases,
        limits=limits,
        per_run=_least(layer.per_run for layer in given),
        per_day=_least(layer.per_day for layer in given),
        offline=any(layer.offline for layer in given),
        log_prompts=log,
        keep_days=_least(layer.keep_days for layer in given if not layer.folder),
        keep_days_in=next(
            ((layer.keep_days, layer.folder) for layer in given if layer.folder and layer.keep_days is not None), None
        ),
        policy=policy,
    )


def _over(below: ProviderSettings | None, above: ProviderSettings) -> ProviderSettings:
    """A provider that two layers name. Where the upper one says nothing of where it is and with which key, it only
    sets what it sets; else it stands alone, so that the key of one never goes to the address of another."""
    if below is None or above.origin == "policy":
        return above
    if above.origin == "editor":
        return replace(below, key=above.key or below.key)
    if any((above.type, above.base_url, above.endpoint, above.key, above.ca_file, above.headers)):
        return above
    return replace(
        below,
        api_version=above.api_version or below.api_version,
        region=above.region or below.region,
        project=above.project or below.project,
        timeout=above.timeout if above.timeout is not None else below.timeout,
        # Where requests go is for who wrote the address: behind a host there may be many accounts.
        quirks={**below.quirks, **{name: value for name, value in above.quirks.items() if name not in _PATHS}},
    )


def _provider(name: str, value: Mapping[str, Any], origin: str, folder: str) -> ProviderSettings:
    key = _text(value.get("api_key"))
    ca_file = _text(value.get("ca_file"))
    command = value.get("key_command") if origin in ("user", "policy") else None
    return ProviderSettings(
        name,
        type=_text(value.get("type")),
        base_url=_text(value.get("base_url")),
        endpoint=_text(value.get("endpoint")),
        key=key if _REFERENCE.fullmatch(key) else "",
        key_command=_command(command),
        api_version=_scalar(value.get("api_version")),
        region=_text(value.get("region")),
        project=_text(value.get("project")),
        headers={
            header: _scalar(content)
            for header, content in _mapping(value.get("headers")).items()
            if isinstance(content, str | int | float) and not isinstance(content, bool)
        },
        ca_file=os.path.normpath(os.path.join(folder, os.path.expanduser(ca_file))) if ca_file else "",
        timeout=_number(value.get("timeout"), 0.001),
        quirks=_mapping(value.get("quirks")),
        origin=origin,
    )


def _command(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(item, str | int | float) for item in value):
        return ()
    return tuple(map(str, value))


def _alias(value: Any) -> Alias | None:
    written = value.get("route") if isinstance(value, dict) else value
    route = tuple(
        item for item in (written if isinstance(written, list) else [written]) if isinstance(item, str) and item
    )
    if not route:
        return None
    settings = value if isinstance(value, dict) else {}
    strategy = settings.get("strategy")
    weights = settings.get("weights")
    numbers = [_number(weight, 0) for weight in weights] if isinstance(weights, list) else []
    known = tuple(number for number in numbers if number is not None)
    if strategy is None and len(known) == len(route):
        strategy = "weighted"
    return Alias(
        route,
        strategy if strategy in _STRATEGIES else "fallback",
        known if len(known) == len(route) and sum(known) > 0 else (),
    )


def _limits(value: Mapping[str, Any]) -> Limits:
    return Limits(
        requests_per_minute=_whole(value.get("requests_per_minute"), 1),
        tokens_per_minute=_whole(value.get("tokens_per_minute"), 1),
        concurrency=_whole(value.get("concurrency"), 1),
    )


def _tighter(one: Limits, other: Limits) -> Limits:
    return Limits(
        _least((one.requests_per_minute, other.requests_per_minute)),
        _least((one.tokens_per_minute, other.tokens_per_minute)),
        _least((one.concurrency, other.concurrency)),
    )


def _least(values: Iterable[Any]) -> Any:
    return min((value for value in values if value is not None), default=None)


def _log(value: Any) -> str:
    word = "off" if value is False else value
    return word if word in _LOGS else ""


def _mapping(value: Any) -> dict[str, Any]:
    return {key: item for key, item in value.items() if isinstance(key, str)} if isinstance(value, dict) else {}


def _first(value: Any) -> list[tuple[str, Any]]:
    return list(_mapping(value).items())[:_MOST]


def _text(value: Any) -> str:
    return value.strip() if isinstance(value, str) else ""


def _scalar(value: Any) -> str:
    """Text, or what YAML took for something else: `api_version: 2024-10-21` without quotes."""
    return str(value).strip() if value is not None and not isinstance(value, dict | list | bool) else ""


def _number(value: Any, least: float) -> float | None:
    return value if isinstance(value, int | float) and not isinstance(value, bool) and value >= least else None


def _whole(value: Any, least: int) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= least else None
