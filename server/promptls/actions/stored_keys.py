"""Keys in the system's keyring: put there, listed, replaced, taken away; each for one provider at one address."""

from __future__ import annotations

import time
from typing import NamedTuple

from promptls.actions.error import ActionError
from promptls.actions.providers import Desk, Provider
from promptls.providers.event import Failure
from promptls.providers.keyring_store import Keyring, KeyringError, account_of
from promptls.providers.secret import Secret
from promptls.providers.services import services
from promptls.providers.transport import origin_of
from promptls.runs.reach import Asked, reach


class Stored(NamedTuple):
    """``age``: seconds since it was stored."""

    provider: str
    host: str
    age: float


def stored_keys(keyring: Keyring) -> list[Stored]:
    """Which keys there are, by provider; none of them is read."""
    now = time.time()
    named = ((*name.partition(" "), when) for name, when in keyring.accounts().items())
    found = (Stored(provider, host, max(0.0, now - when)) for provider, _, host, when in named if host)
    return sorted(found)


def host_for(provider: Provider) -> str:
    """Where a key of the provider would go. Raises ActionError where it has no address, or takes no key."""
    if provider.endpoint is None:
        raise ActionError(provider.problem.rstrip("."))
    if provider.endpoint.auth == "none":
        raise ActionError(f"`{provider.name}` takes no key", usage=True)
    return origin_of(provider.endpoint.base_url)


def store_key(keyring: Keyring, provider: Provider, key: str) -> None:
    """Raises ActionError."""
    value = _plain(key)
    try:
        keyring.set(account_of(provider.name, host_for(provider)), value)
    except KeyringError as error:
        raise ActionError(str(error)) from None


def delete_key(keyring: Keyring, provider: str, host: str = "") -> list[Stored]:
    """Take the keys of a provider away (at ``host`` alone, where it is given); those that were there. Raises
    ActionError."""
    found = [one for one in stored_keys(keyring) if one.provider == provider and host in ("", one.host)]
    try:
        for one in found:
            keyring.delete(account_of(one.provider, one.host))
    except KeyringError as error:
        raise ActionError(str(error)) from None
    return found


def rotate_key(desk: Desk, keyring: Keyring, provider: Provider, key: str) -> Failure | None:
    """Try the new key by the call that lists models; only when that answers it takes the old one's place. The
    failure, where the old one was kept. Raises ActionError."""
    host = host_for(provider)
    endpoint = provider.endpoint
    assert endpoint is not None
    refused = desk.config.running.policy.refuses_host(endpoint.base_url)
    if refused:
        raise ActionError(refused)
    service = services()[endpoint.service]
    secret = Secret(_plain(key), endpoint.key_name, auth=service.auth_of_one_key)
    offline = desk.config.running.offline
    (answer,) = reach([Asked(endpoint, lambda: secret)], environment=desk.environment, offline=offline)
    if answer.failure is not None:
        return answer.failure
    try:
        keyring.set(account_of(provider.name, host), secret.reveal())
    except KeyringError as error:
        raise ActionError(str(error)) from None
    return None


def _plain(key: str) -> str:
    value = key.strip()
    if not value:
        raise ActionError("there is no key in what was given; nothing was stored", usage=True)
    if not value.isascii() or any(character.isspace() or not character.isprintable() for character in value):
        raise ActionError("a key has no blanks, line ends or letters outside of ASCII; copy it again", usage=True)
    return value
