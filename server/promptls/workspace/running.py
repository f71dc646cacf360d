"""What the configuration says about runs: providers, aliases, limits, budget. Read here, used by ``runs``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from urllib.parse import urlsplit


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
    """What PROMPTLS_POLICY allows; None: everything. Patterns with ``*``. It can only tighten.

    ``hosts``: ``api.openai.com``, ``*.example.com``, with ``:PORT`` for that port alone. ``models``:
    ``provider/model``. ``source``: the file. ``problem``: why it could not be read; nothing is allowed then.
    """

    hosts: tuple[str, ...] | None = None
    models: tuple[str, ...] | None = None
    source: str = ""
    problem: str = ""

    def refuses_host(self, url: str) -> str:
        """Why nothing may be sent to an address, in a sentence; empty where it may."""
        if self.problem:
            return self.problem
        if self.hosts is None or any(fits_host(url, pattern) for pattern in self.hosts):
            return ""
        host, port = _host_and_port(url)
        return f"the policy {self.source} does not allow the host {host}:{port}; it allows {_listed(self.hosts)}"

    def refuses_model(self, name: str) -> str:
        """Why ``provider/model`` may not be called, in a sentence; empty where it may."""
        if self.problem:
            return self.problem
        if self.models is None or any(fnmatchcase(name, pattern) for pattern in self.models):
            return ""
        return f"the policy {self.source} does not allow `{name}`; it allows {_listed(self.models)}"

    def names_host(self, url: str) -> bool:
        """Whether an address is among those that the policy lists by name: its owner has agreed to it. `*` names
        none."""
        named = [one for one in self.hosts or () if "*" not in one or (one[:2] == "*." and one.count(".") > 1)]
        return not self.problem and any(agrees_to(url, pattern) for pattern in named)


def agrees_to(url: str, pattern: str) -> bool:
    """Whether who wrote a pattern has agreed to an address: that it fits is not enough for one without encryption.
    There the pattern has to name the scheme or the port, or this machine: a project could write `http://` in front of
    a host that was meant with `https://`, and its key would be for everybody on the way."""
    if not fits_host(url, pattern):
        return False
    name = pattern.lower().strip("[]")
    here = name in ("localhost", "::1") or re.fullmatch(r"127(\.\d{1,3}){3}", name) is not None
    return not url.startswith("http:") or "://" in pattern or _has_port(pattern) or here


def fits_host(url: str, pattern: str) -> bool:
    """Whether an address is of a host: ``api.openai.com``, ``*.example.com``, ``127.0.0.1:8080``; a pattern with a
    scheme fits that scheme alone."""
    if "://" in pattern:
        scheme, _, pattern = pattern.partition("://")
        if urlsplit(url).scheme != scheme.lower():
            return False
        host, port = _host_and_port(url)
        usual = 80 if scheme.lower() == "http" else 443
        pattern = pattern.partition("/")[0]
        return _fits_host(pattern, host, port) and (port == usual or _has_port(pattern))
    return _fits_host(pattern, *_host_and_port(url))


def _has_port(pattern: str) -> bool:
    return pattern.rpartition(":")[2].isdigit() and (pattern.count(":") == 1 or "]:" in pattern)


def _host_and_port(url: str) -> tuple[str, int]:
    try:
        parts = urlsplit(url)
        return (parts.hostname or "").lower().rstrip("."), parts.port or (80 if parts.scheme == "http" else 443)
    except ValueError:
        return "", 0


def _fits_host(pattern: str, host: str, port: int) -> bool:
    pattern = pattern.lower()
    # An IPv6 address has colons of its own and stands in brackets where a port follows.
    bracketed = pattern.startswith("[")
    name, colon, number = pattern.rpartition(":") if bracketed or pattern.count(":") == 1 else (pattern, "", "")
    if bracketed and pattern.endswith("]"):
        name, colon, number = pattern, "", ""
    return bool(host) and fnmatchcase(host, name.strip("[]")) and (not colon or number in ("*", str(port)))


def _listed(names: tuple[str, ...]) -> str:
    return ", ".join(names[:5]) + (" …" if len(names) > 5 else "") if names else "none"


@dataclass(frozen=True, slots=True)
class Running:
    """All of it, after user file < promptls.yaml < editor < policy. Money in US dollars.

    ``limits``: by provider, or ``provider/model``. ``log_prompts``: ``off``, ``redacted`` or ``full``;
    ``keep_days``: how long the history keeps a run, None for ever; ``keep_days_in``: the same as a project says it, for
    the runs of its folder alone: no project may wipe out the history of the others. What protects (budget, limits,
    ``offline``, ``log_prompts``, ``keep_days``) is the strictest of all that was said.
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
    keep_days_in: tuple[int, str] | None = None
    policy: Policy = Policy()
