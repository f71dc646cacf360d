"""The only network: sends one HTTP request to one endpoint, with its key, and gives back what arrives.

No retry but one: a pooled connection that its server had closed already (reference/providers.md 1e). Everything that
goes wrong is a ``Failure`` with a sentence of ours; no library's text, which may hold an address with a key in it.
"""

from __future__ import annotations

import asyncio
import logging
import os
import ssl
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urljoin, urlsplit

from promptls.providers.auth import AuthError, mask_for, put_on
from promptls.providers.event import Failure
from promptls.providers.join import is_loopback as is_loopback
from promptls.providers.mask import Mask
from promptls.providers.network_failure import Where, failure_of_error
from promptls.providers.redact import redact
from promptls.providers.request import Endpoint, HttpRequest
from promptls.providers.secret import Secret

if TYPE_CHECKING:
    import httpx

CONNECT: Final = 5.0
"""Seconds until a connection has to stand."""
OFFLINE_VARIABLE: Final = "PROMPTLS_OFFLINE"
_REDIRECTS: Final = 3


class TransportError(Exception):
    """There is no (whole) answer. ``failure`` says why, in a sentence and without a key."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.message)
        self.failure = failure


@dataclass(frozen=True, slots=True)
class Response:
    """An answer, while its body arrives. ``headers``: by lower-case name. ``chunks``: once; raises TransportError."""

    status: int
    headers: Mapping[str, str]
    content_type: str
    chunks: AsyncIterator[bytes]

    async def read(self, limit: int = 8_000_000) -> bytes:
        """The whole body, up to ``limit`` bytes."""
        body = bytearray()
        async for chunk in self.chunks:
            body += chunk
            if len(body) >= limit:
                break
        return bytes(body[:limit])


def is_offline(environment: Mapping[str, str]) -> bool:
    """Whether ``PROMPTLS_OFFLINE`` forbids every provider."""
    return environment.get(OFFLINE_VARIABLE, "").strip().lower() not in ("", "0", "false", "no", "off")


class Transport:
    """Open connections, of one event loop. ``offline``: what the configuration says; the variable counts as well."""

    def __init__(
        self,
        *,
        environment: Mapping[str, str] | None = None,
        offline: bool = False,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._environment = os.environ if environment is None else environment
        self._offline = offline
        self._now = now
        self._clients: dict[tuple[str, str, bool], httpx.AsyncClient] = {}

    @asynccontextmanager
    async def open(
        self, http: HttpRequest, endpoint: Endpoint, secret: Secret | None = None
    ) -> AsyncIterator[Response]:
        """Send the request; the answer's head is there when the block begins, its connection ends with the block.

        Cancelling closes the socket, also while the answer is awaited. Raises TransportError, for the block too where
        the body ends early.
        """
        self._refuse(http, endpoint)
        response, where = await self._sent(http, endpoint, secret)
        try:
            headers = {name.lower(): redact(value) for name, value in response.headers.items()}
            kind = headers.get("content-type", "")
            yield Response(response.status_code, headers, kind, _chunks(response, where, mask_for(secret)))
        finally:
            await response.aclose()

    async def aclose(self) -> None:
        """Close all connections. The transport can be used again afterwards."""
        clients, self._clients = list(self._clients.values()), {}
        for client in clients:
            await client.aclose()

    def _refuse(self, http: HttpRequest, endpoint: Endpoint) -> None:
        # The model of our own making is a child of this process, not a provider on a network.
        if not endpoint.starts and (self._offline or is_offline(self._environment)):
            who = f"{OFFLINE_VARIABLE} is set" if is_offline(self._environment) else "`offline: true` is configured"
            raise TransportError(Failure("offline", f"{who}, so nothing is sent to `{endpoint.provider}`"))
        if endpoint.service == "echo":
            raise TransportError(Failure("unsupported", "echo sends nothing"))
        if not _is_of(http.url, endpoint):
            # Consent is for the endpoint's host: a setting such as the address of the models must not name another.
            said = f"`{endpoint.provider}` is at {origin_of(endpoint.base_url)}, and {origin_of(http.url)} is elsewhere"
            raise TransportError(Failure("consent", f"{said}; nothing was sent there"))

    async def _sent(self, http: HttpRequest, endpoint: Endpoint, secret: Secret | None) -> tuple[httpx.Response, Where]:
        url = http.url
        for _ in range(_REDIRECTS):
            # Windows asks the name service about hosts that its settings except.
            where = Where(origin_of(url), endpoint, await asyncio.to_thread(proxy_for, url))
            response = await self._once(http, url, where, secret)
            target = response.headers.get("location")
            if response.status_code not in (301, 302, 303, 307, 308) or target is None:
                return response, where
            await response.aclose()
            moved = urljoin(url, target)
            if response.status_code not in (307, 308) or origin_of(moved) != origin_of(url):
                break
            url = moved
        raise TransportError(
            Failure(
                "connection",
                f"{where.origin} sends on to {origin_of(moved)}, where neither prompt nor key is taken; "
                f"if that is right, make it the address of `{endpoint.provider}`",
                status=response.status_code,
            )
        )

    async def _once(self, http: HttpRequest, url: str, where: Where, secret: Secret | None) -> httpx.Response:
        """The head of the answer. The error of a library is not the context of ours: its frames hold headers."""
        import httpx

        failure = None
        try:
            client = self._client(where)
            return await _exchanged(
                client,
                put_on(http, where.endpoint, secret, self._environment, self._now()),
                url,
                where.endpoint.timeout,
            )
        except AuthError as error:
            failure = error.failure
        except (httpx.HTTPError, httpx.InvalidURL, OSError, ImportError, ValueError) as error:
            failure = failure_of_error(error, where)
        raise TransportError(failure)

    def _client(self, where: Where) -> httpx.AsyncClient:
        import httpx

        encrypted = where.origin.startswith("https:")
        key = (where.proxy, where.endpoint.ca_file, encrypted)
        client = self._clients.get(key)
        if client is None:
            hush()
            # What a server sets stays with it: by a cookie it would know a machine again, on other ports as well.
            no_cookies = CookieJar(DefaultCookiePolicy(allowed_domains=()))
            client = self._clients[key] = httpx.AsyncClient(
                # Reading the system's authorities takes longer than a local server's first token.
                verify=_certificates(where.endpoint.ca_file) if encrypted else _nobody(),
                proxy=where.proxy or None,
                # The environment's proxies are chosen by `proxy_for`, which spares this machine.
                trust_env=False,
                follow_redirects=False,
                cookies=no_cookies,
                timeout=CONNECT,
                limits=httpx.Limits(max_connections=None, max_keepalive_connections=20, keepalive_expiry=20),
                headers={"user-agent": _user_agent(), "accept-encoding": "identity"},
            )
        return client


async def _exchanged(client: httpx.AsyncClient, http: HttpRequest, url: str, idle: float) -> httpx.Response:
    """``http`` holds the key by now. ``idle``: seconds without a byte."""
    import httpx

    seen: set[str] = set()

    async def trace(name: str, info: Any) -> None:
        if name.startswith(("connection.connect_tcp", "connection.connect_unix")):
            seen.add("fresh")
        elif name.endswith("receive_response_headers.complete"):
            seen.add("answered")

    def request() -> httpx.Request:
        return client.build_request(
            http.method,
            url,
            headers=list(http.headers),
            content=http.body or None,
            timeout=httpx.Timeout(idle, connect=CONNECT, pool=None),
            extensions={"trace": trace},
        )

    try:
        return await client.send(request(), stream=True)
    except (httpx.RemoteProtocolError, httpx.ReadError, httpx.WriteError):
        # Only a connection of before, which its server had closed meanwhile: it never saw this request.
        if seen:
            raise
    return await client.send(request(), stream=True)


async def _chunks(response: httpx.Response, where: Where, mask: Mask) -> AsyncIterator[bytes]:
    import httpx

    failure = None
    if _is_packed(response.headers.get("content-encoding", "")):
        raise TransportError(
            Failure("malformed", f"{where.origin} packed its answer in a way that nobody asked for; it was not read")
        )
    try:
        async for chunk in response.aiter_bytes():
            if seen := mask.feed(chunk):
                yield seen
        if rest := mask.end():
            yield rest
    except (httpx.HTTPError, httpx.StreamError, OSError) as error:
        failure = failure_of_error(error, where, answered=True)
    if failure is not None:
        raise TransportError(failure)


def _is_packed(encoding: str) -> bool:
    """Whether an answer is packed more than once, or in a way that packs without limit: a bomb. `identity` is asked
    for; one layer of gzip, which some gateways put on anyway, grows to a thousand times its size at most."""
    layers = [layer for part in encoding.lower().split(",") if (layer := part.strip()) not in ("", "identity")]
    return len(layers) > 1 or any(layer not in ("gzip", "deflate") for layer in layers)


def proxy_for(url: str) -> str:
    """The proxy that the system or the environment (``HTTPS_PROXY``, ``ALL_PROXY``, ``NO_PROXY``) has for an address;
    empty where it is called directly, as every address of this machine is."""
    from urllib.request import getproxies, proxy_bypass

    if is_loopback(url):
        return ""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    proxies = getproxies()
    proxy = proxies.get(parts.scheme) or proxies.get("all") or ""
    if not proxy or proxy_bypass(parts.netloc.rpartition("@")[2]):
        return ""
    return proxy if "://" in proxy else f"http://{proxy}"


def origin_of(url: str) -> str:
    """Scheme, host and port of an address: what a key is given for. The port is left out where it is the usual one."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return url.partition("?")[0]
    host = (parts.hostname or "").lower().rstrip(".")
    shown = f"[{host}]" if ":" in host else host
    usual = {"http": 80, "https": 443}.get(parts.scheme)
    return f"{parts.scheme}://{shown}" + (f":{port}" if port and port != usual else "")


def _is_of(url: str, endpoint: Endpoint) -> bool:
    """Whether an address is the endpoint's, or the one that the table of services itself has for its models."""
    if origin_of(url) == origin_of(endpoint.base_url):
        return True
    from promptls.providers.services import services

    service = services().get(endpoint.service)
    models = service.quirks.get("models") if service is not None and endpoint.origin == "builtin" else None
    return isinstance(models, str) and url.partition("?")[0] == models.replace("{region}", endpoint.region)


def hush() -> None:
    """httpx writes whole addresses to its log, httpcore all headers, at levels that "trace" turns on."""
    for name in ("httpx", "httpcore", "hpack"):
        logging.getLogger(name).setLevel(logging.WARNING)


def _certificates(ca_file: str) -> ssl.SSLContext:
    """The system's authorities, and those of the file; httpx's own list where the system has none."""
    context = ssl.create_default_context()
    if not context.cert_store_stats()["x509_ca"] and not _has_folder_of_certificates():
        import certifi

        context.load_verify_locations(certifi.where())
    if ca_file:
        if not os.path.isfile(ca_file):
            # A pipe would be waited for by all that runs here.
            raise FileNotFoundError(ca_file)
        context.load_verify_locations(ca_file)
    return context


def _nobody() -> ssl.SSLContext:
    """Trusts no certificate at all: for a client that never encrypts."""
    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def _has_folder_of_certificates() -> bool:
    folder = ssl.get_default_verify_paths().capath
    try:
        return bool(folder) and any(os.scandir(folder))
    except OSError:
        return False


def _user_agent() -> str:
    from promptls import __version__

    return f"promptls/{__version__}"
