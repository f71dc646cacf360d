"""What the configuration says about runs: providers, aliases, limits, budget. Read here, used by ``runs``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class ProviderSettings:
    """A provider as somebody configured it; what is empty follows from ``type``, and that from the name.

    ``key``: a reference such as ``${env:NAME}``, never a key. ``key_command``: argv, only of the user's own file or
    the policy. ``origin``: whose words these are: ``user``, ``workspace``, ``editor`` or ``policy``. ``ca_file``: an
    absolute path.
    """

    name: str
    type: str = ""
    base_url: str = ""
    endpoint: str = ""
    key: str = ""
    key_command: tuple[str, ...] = ()
    api_version: str = ""
    region: str = ""
    project: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    ca_file: str = ""
    timeout: float | None = None
    quirks: Mapping[str, object] = field(default_factory=dict)
    origin: str = "workspace"


@dataclass(frozen=True, slots=True)
class Alias:
    """``route``: ``provider/model`` each; ``strategy``: ``fallback``, ``round-robin``, ``weighted``, ``cheapest`` or
    ``fastest``; ``weights``: for ``weighted``, as many as the route has."""

    route: tuple[str, ...]
    strategy: str = "fallback"
    weights: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Limits:
    """None: no limit of ours."""

    requests_per_minute: int | None = None
    tokens_per_minute: int | None = None
    concurrency: int | None = None


@dataclass(frozen=True, slots=True)
class Policy:
    """What PROMPTLS_POLICY allows; None: everything. Patterns with ``*``. It can only tighten."""

    hosts: tuple[str, ...] | None = None
    models: tuple[str, ...] | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class Running:
    """All of it, after user file < promptls.yaml < editor < policy. Money in US dollars.

    ``limits``: by provider, or ``provider/model``. ``log_prompts``: ``off``, ``redacted`` or ``full``;
    ``keep_days``: how long the history keeps a run, None for ever.
    """

    default: str = ""
    providers: Mapping[str, ProviderSettings] = field(default_factory=dict)
    aliases: Mapping[str, Alias] = field(default_factory=dict)
    limits: Mapping[str, Limits] = field(default_factory=dict)
    per_run: float | None = None
    per_day: float | None = None
    offline: bool = False
    log_prompts: str = "redacted"
    keep_days: int | None = None
    policy: Policy = Policy()
