"""Puts a key on a request, as the last thing before it is sent. The only place where a key's value is used."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Final

from promptls.providers.event import Failure
from promptls.providers.mask import Mask
from promptls.providers.request import Endpoint, HttpRequest
from promptls.providers.secret import Secret

REFERENCE: Final = re.compile(r"\$\{env:([^{}:\s]+)(?::([^{}]*))?\}")
_HEADER_NAME: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_HEADER_VALUE: Final = re.compile(r"[\x20-\x7e]*")


_ACCOUNTS: Final = frozenset(
    {
        *("authorization", "x-api-key", "api-key", "x-goog-api-key", "ocp-apim-subscription-key", "cookie"),
        *("x-auth-token", "x-functions-key", "x-amz-security-token", "openai-organization", "openai-project"),
        *("x-goog-user-project", "anthropic-workspace-id"),
    }
)
_OF_THE_CONNECTION: Final = frozenset(
    {"host", "content-length", "transfer-encoding", "connection", "upgrade", "te", "trailer", "proxy-authorization"}
)


class AuthError(Exception):
    """A key that cannot be put on. ``failure.message`` is a sentence, without the key."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.message)
        self.failure = failure


def referenced(headers: Mapping[str, str]) -> tuple[str, ...]:
    """The variables of the environment that headers read, in their order."""
    return tuple(dict.fromkeys(found[1] for value in headers.values() for found in REFERENCE.finditer(value)))


def names_account(header: str) -> bool:
    """Whether a header says whose account a request is for."""
    return header.lower() in _ACCOUNTS


def mask_for(secret: Secret | None) -> Mask:
    """What takes this key out of the answer to the request that carries it."""
    parts = secret.reveal_aws() if secret is not None else ()
    return Mask((part, repr(secret)) for part in parts)


def put_on(
    http: HttpRequest, endpoint: Endpoint, secret: Secret | None, environment: Mapping[str, str], now: datetime
) -> HttpRequest:
    """The request with the variables in its configured headers filled in, and with its key. Raises AuthError.

    ``now``: in UTC; a signature holds for a few minutes around it.
    """
    headers = [(_name(name), _filled(name, value, endpoint, environment)) for name, value in http.headers]
    names = {name.lower() for name, _ in headers}
    for name in endpoint.headers:
        if name.lower() in _OF_THE_CONNECTION:
            # Behind one address many hosts may answer; `Host` would choose another than was agreed to.
            said = f"`{name}` under `headers` of `{endpoint.provider}` is not for settings to say: take it out"
            raise AuthError(Failure("invalid-request", said))
    auth = (secret.auth if secret else "") or endpoint.auth
    if secret is None or auth == "none":
        return replace(http, headers=tuple(headers))
    if auth == "sigv4":
        return _signed(replace(http, headers=tuple(headers)), endpoint, secret, now)
    name = "Authorization" if auth == "bearer" else auth.partition(":")[2]
    # A header that somebody configured under this name is their own way to authenticate.
    if name.lower() not in names:
        value = _plain(secret.reveal(), f"the key {secret}")
        headers.append((name, f"Bearer {value}" if auth == "bearer" else value))
    return replace(http, headers=tuple(headers))


def _signed(http: HttpRequest, endpoint: Endpoint, secret: Secret, now: datetime) -> HttpRequest:
    from promptls.providers.sigv4 import sign

    access_key, secret_key, token = secret.reveal_aws()
    if not access_key:
        raise AuthError(
            Failure(
                "authentication", f"{secret} is one key; AWS signs with AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
            )
        )
    proof = sign(http, region=endpoint.region, access_key=access_key, secret_key=secret_key, token=token, now=now)
    return replace(http, headers=(*http.headers, *proof))


def _filled(name: str, value: str, endpoint: Endpoint, environment: Mapping[str, str]) -> str:
    """A header's value; only what the configuration wrote is filled in, never what a prompt brought along."""
    if not any(name.lower() == own.lower() and value == written for own, written in endpoint.headers.items()):
        return _plain(value, f"the header {name}")

    def of_variable(found: re.Match[str]) -> str:
        if held := environment.get(found[1]):
            # From here on it is as secret as a key: it is taken out of every text.
            return _plain(Secret(held.strip(), found[1]).reveal(), f"the variable {found[1]}")
        if found[2] is None:
            said = f"the header {name} of `{endpoint.provider}` reads {found[1]}, which is not set"
            raise AuthError(Failure("no-key", said))
        return str(found[2])

    return _plain(REFERENCE.sub(of_variable, value), f"the header {name}")


def _name(name: str) -> str:
    if _HEADER_NAME.fullmatch(name):
        return name
    raise AuthError(Failure("invalid-request", f"`{name[:40]}` under `headers` is no name that a header can have"))


def _plain(value: str, what: str) -> str:
    if _HEADER_VALUE.fullmatch(value):
        return value
    said = f"{what} has a character that no header can hold (a line break, a quote of a word processor); copy it again"
    raise AuthError(Failure("authentication", said))
