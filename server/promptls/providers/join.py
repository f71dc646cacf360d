"""Addresses: what a person writes as a base URL, and what is called in the end. Nobody else puts URLs together."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import SplitResult, quote, urlsplit, urlunsplit

_OPERATIONS: Final = (
    "/chat/completions",
    "/completions",
    "/responses",
    "/messages",
    "/embeddings",
    "/images/generations",
    "/models",
)
"""What people leave at the end of a base URL that they copied from an example."""
_OLLAMA_ENDS: Final = ("/api/chat", "/api/generate", "/api", "/v1")


_HOST: Final = re.compile(r"[a-z0-9._-]+|[0-9a-f:.]+(?:%[a-z0-9._-]+)?")
"""A letter of another alphabet can look like one of these, and a person is asked about the host that is shown."""


class AddressError(ValueError):
    """Not an address that a provider can be at. The text is the end of a sentence: ``… is not an http address``."""


def parts_of(url: str) -> SplitResult:
    """The parts of an address, its host in lower case, without a fragment. Raises AddressError."""
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError:
        raise AddressError("cannot be read as an address") from None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise AddressError("is not an address that starts with http:// or https://")
    if parts.username is not None or parts.password is not None:
        raise AddressError("holds a user name or a password: keys have their own place")
    if not _HOST.fullmatch(parts.hostname):
        raise AddressError("has a host with other characters than letters, digits, `-` and `.`: write its `xn--` form")
    if re.search(r"[\s\\\x00-\x1f\x7f]", url.strip()):
        raise AddressError("holds a blank or a backslash")
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return SplitResult(parts.scheme, host + ("" if port is None else f":{port}"), parts.path, parts.query, "")


def base_of(url: str, version: str = "", *, root: bool = False) -> str:
    """The base URL that is meant: no slash at the end, no operation (``/chat/completions``), with its version.

    ``version`` (``v1``) comes behind an address without a path; with ``root`` behind any that does not end with a
    version. Raises AddressError.
    """
    parts = parts_of(url)
    path = re.sub(r"/{2,}", "/", parts.path).rstrip("/")
    for end in _OPERATIONS:
        path = path.removesuffix(end)
    if version and (not path or (root and not re.search(r"/v\d+(alpha|beta)?\d*$", path))):
        path += f"/{version}"
    return urlunsplit(parts._replace(path=path))


def root_of(url: str) -> str:
    """The root of a server that has no version in its addresses. Raises AddressError."""
    parts = parts_of(url)
    path = re.sub(r"/{2,}", "/", parts.path).rstrip("/")
    for end in _OPERATIONS + _OLLAMA_ENDS:
        path = path.removesuffix(end)
    return urlunsplit(parts._replace(path=path))


def join(base: str, path: str, query: Mapping[str, str] | None = None) -> str:
    """``base`` and ``path`` with one slash between them; what both have in the middle comes once.

    ``https://x/v1`` and ``v1/models`` is ``https://x/v1/models``. A query of the base stays, behind the path.
    """
    parts = urlsplit(base)
    left = [piece for piece in parts.path.split("/") if piece]
    right = [piece for piece in path.split("/") if piece]
    shared = next((n for n in range(min(len(left), len(right)), 0, -1) if left[-n:] == right[:n]), 0)
    joined = "/".join(left + right[shared:])
    added = "&".join(f"{quote(name)}={quote(value)}" for name, value in (query or {}).items())
    asked = "&".join(filter(None, (parts.query, added)))
    return urlunsplit((parts.scheme, parts.netloc, f"/{joined}" if joined else "", asked, ""))


def azure_root(url: str) -> tuple[str, str]:
    """The resource of an Azure or Foundry address, and the ``api-version`` that stood behind it, if one did.

    People copy the whole address of a deployment, or that of a project, whose models are the resource's (so reads
    Prompty 2.1.0 it). Raises AddressError.
    """
    parts = parts_of(url)
    path = re.split(r"/openai(?=/|$)|/api/projects/", parts.path, maxsplit=1)[0]
    version = re.search(r"(?:^|&)api-version=([^&]*)", parts.query)
    return urlunsplit(parts._replace(path=path.rstrip("/"), query="")), version[1] if version else ""


def ollama_host(value: str) -> str:
    """What OLLAMA_HOST means, as ``ollama`` 0.6.3 reads it (``_parse_host``); all addresses become the loopback.

    Raises AddressError.
    """
    scheme, mark, rest = value.strip().rpartition("://")
    port = {"http": 80, "https": 443}[scheme] if mark and scheme in ("http", "https") else 11434
    try:
        parts = urlsplit(f"{scheme or 'http'}://{rest}")
        host, port = parts.hostname or "127.0.0.1", parts.port or port
    except ValueError:
        raise AddressError("cannot be read as an address") from None
    if host in ("0.0.0.0", "::"):  # noqa: S104 - a server listens on it; nobody can call it
        host = "127.0.0.1"
    host = f"[{host}]" if ":" in host else host
    return urlunsplit(parts_of(f"{parts.scheme}://{host}:{port}{parts.path.rstrip('/')}"))


def is_loopback(url: str) -> bool:
    """Whether an address is of this machine itself, by what stands in it. False for what cannot be read, and for
    `x.localhost`: not every system knows that name by itself, and the network that is asked may say anything."""
    try:
        host = (urlsplit(url).hostname or "").rstrip(".")
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def place_of(url: str) -> str:
    """``scheme://host:port``, which a key is given for; the port always there. Raises AddressError."""
    parts = parts_of(url)
    port = "" if parts.port else ":443" if parts.scheme == "https" else ":80"
    return f"{parts.scheme}://{parts.netloc}{port}"
