"""The only reader of keys: where the key for an endpoint is, and, when a request goes out, the key.

Order: the variable that is named for it, the service's variables, the system's keyring, the editor's store, the user's
own command, an ignored `.env`. Each is asked for this one provider at this one address.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from promptls.providers import key_command
from promptls.providers.auth import REFERENCE
from promptls.providers.dotenv import Dotenv, dotenvs
from promptls.providers.key_command import KeyCommandError
from promptls.providers.keyring_store import Keyring, account_of
from promptls.providers.request import Endpoint
from promptls.providers.secret import Secret
from promptls.providers.services import Service, services
from promptls.providers.transport import origin_of
from promptls.workspace.running import ProviderSettings

__all__ = ["ClientSecret", "Found", "KeyCommandError", "Keys", "Secret"]

ClientSecret = Callable[[str, str], str | None]
"""``(provider, host) -> key``: the editor's store. It may ask a person, so it takes its time."""
_AWS_ACCESS: Final = "AWS_ACCESS_KEY_ID"
_AWS_SECRET: Final = "AWS_SECRET_ACCESS_KEY"  # noqa: S105 a name
_AWS_TOKEN: Final = "AWS_SESSION_TOKEN"  # noqa: S105 a name


class Found(NamedTuple):
    """``source``: in a person's words, the same as long as the key comes from the same place. ``age``: seconds since
    it was stored, where that is known. ``secret`` is None where only the place was asked for."""

    source: str
    secret: Secret | None = None
    age: float | None = None


class Keys:
    """``folders``: where a `.env` may be, nearest first. ``waits``: whether `source` may ask the editor as well, and
    so take long; without it the editor counts once it has given a key."""

    def __init__(
        self,
        environment: Mapping[str, str],
        *,
        folders: Sequence[str] = (),
        client_secret: ClientSecret | None = None,
        keyring: Keyring | None = None,
        waits: bool = False,
    ) -> None:
        self._environment = environment
        self._folders = tuple(folders)
        self._client_secret = client_secret
        self._keyring = keyring or Keyring()
        self._waits = waits
        self._given: dict[str, str] = {}
        self._lock = threading.Lock()

    def source(self, endpoint: Endpoint, settings: ProviderSettings | None) -> str:
        """Where the key is (``environment OPENAI_API_KEY``); empty where there is none. Runs no command."""
        found = self.found(endpoint, settings)
        return found.source if found else ""

    def found(self, endpoint: Endpoint, settings: ProviderSettings | None) -> Found | None:
        """The place of the key and its age, without the key. Runs no command and opens no keyring."""
        return next(self._places(endpoint, settings, read=False), None)

    def secret(self, endpoint: Endpoint, settings: ProviderSettings | None) -> Secret | None:
        """The key, to be put on a request and nowhere else. May take seconds. Raises KeyCommandError."""
        for found in self._places(endpoint, settings, read=True):
            if found.secret is not None:
                found.secret.source = found.source
                return found.secret
        return None

    def hint(self, endpoint: Endpoint, settings: ProviderSettings | None) -> str:
        """What to do where there is no key, in a sentence."""
        names = _names(endpoint, settings)
        for dotenv in dotenvs(self._folders):
            if dotenv.refused and any(dotenv.get(name) for name in names):
                return dotenv.refused
        provider = endpoint.provider
        service = services().get(endpoint.service)
        if service is not None and service.key_help:
            return f"`{provider}` needs {service.key_help}"
        ways = [f"set {names[0]} in the environment"] if names else []
        return " or ".join([*ways, f"store a key with `promptls keys set {provider}`"])

    def forget(self, endpoint: Endpoint, settings: ProviderSettings | None) -> None:
        """Ask the command and the editor again the next time: their key was refused."""
        with self._lock:
            self._given.pop(_account(endpoint), None)
        if settings is not None and settings.key_command:
            key_command.forget(settings.key_command)

    def _places(self, endpoint: Endpoint, settings: ProviderSettings | None, *, read: bool) -> Iterator[Found]:
        """The places that have a key, in their order; with it where ``read``."""
        if endpoint.auth == "none":
            return
        service = services().get(endpoint.service)
        names = _names(endpoint, settings)
        for name in names:
            found = self._in_environment(name, endpoint, service)
            if found is not None:
                yield found
        yield from self._kept(endpoint, service, read=read)
        if settings is not None and settings.key_command and settings.origin in ("user", "policy"):
            source = f"command {key_command.shown(settings.key_command)}"
            value = key_command.key_of(settings.key_command) if read else ""
            yield Found(source, _one_key(value, endpoint, service) if value else None)
        yield from self._in_dotenv(names, endpoint, service)

    def _in_environment(self, name: str, endpoint: Endpoint, service: Service | None) -> Found | None:
        def get(variable: str) -> str:
            return self._environment.get(variable, "").strip()

        secret = _of_variable(name, get, endpoint, service)
        return Found(f"environment {name}", secret) if secret else None

    def _kept(self, endpoint: Endpoint, service: Service | None, *, read: bool) -> Iterator[Found]:
        """In the system's keyring and the editor's store."""
        account = _account(endpoint)
        stored = self._keyring.accounts().get(account)
        if stored is not None:
            value = self._keyring.get(account) if read else None
            if value or not read:
                age = max(0.0, time.time() - stored)
                yield Found("the system's keyring", _one_key(value, endpoint, service) if value else None, age)
        if self._client_secret is None:
            return
        with self._lock:
            given = self._given.get(account, "")
        if not given and (read or self._waits):
            given = (self._client_secret(endpoint.provider, origin_of(endpoint.base_url)) or "").strip()
            with self._lock:
                self._given[account] = given
        if given:
            yield Found("the editor's store", _one_key(given, endpoint, service))

    def _in_dotenv(self, names: Sequence[str], endpoint: Endpoint, service: Service | None) -> Iterator[Found]:
        for dotenv in dotenvs(self._folders):
            for name in names if not dotenv.refused else ():
                secret = _of_variable(name, dotenv.get, endpoint, service)
                if secret is not None:
                    yield Found(f"{name} in {dotenv.path}", secret, _age(dotenv))


def _names(endpoint: Endpoint, settings: ProviderSettings | None) -> tuple[str, ...]:
    """The variables that may hold the key: the one that somebody named for it, and no other then; else the
    service's own."""
    named = REFERENCE.fullmatch(settings.key) if settings is not None and settings.key else None
    if named and endpoint.origin != "file":
        return (named[1],)
    service = services().get(endpoint.service)
    usual = service.keys if service is not None else ()
    if endpoint.key_name and endpoint.key_name not in usual:
        return (endpoint.key_name,)
    return usual


def _of_variable(name: str, get: Callable[[str], str], endpoint: Endpoint, service: Service | None) -> Secret | None:
    value = get(name)
    if not value:
        return None
    if name == _AWS_ACCESS and endpoint.auth == "sigv4":
        secret = get(_AWS_SECRET)
        return Secret(secret, _AWS_SECRET, auth="sigv4", access_key=value, token=get(_AWS_TOKEN)) if secret else None
    if service is not None and name in service.keys:
        return Secret(value, name, auth=_way(service.auth_by_key.get(name, ""), endpoint))
    return _one_key(value, endpoint, service, name)


def _one_key(value: str, endpoint: Endpoint, service: Service | None, name: str = "") -> Secret:
    """A key of the person's own, that may be put on another way than the service's usual one."""
    way = service.auth_of_one_key if service is not None else ""
    return Secret(value.strip(), name or endpoint.key_name, auth=_way(way, endpoint))


def _way(way: str, endpoint: Endpoint) -> str:
    return "" if "auth" in endpoint.quirks else way


def _account(endpoint: Endpoint) -> str:
    return account_of(endpoint.provider, origin_of(endpoint.base_url))


def _age(dotenv: Dotenv) -> float | None:
    try:
        return max(0.0, time.time() - dotenv.path.stat().st_mtime)
    except OSError:
        return None
