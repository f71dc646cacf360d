"""What went wrong on the way to a provider, by the type of the error and never by its text."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import urlsplit

from promptls.providers.event import Failure
from promptls.providers.request import Endpoint

_NOT_TRUSTED = {
    9: "is not valid yet",
    10: "has expired",
    18: "is signed by itself",
    19: "is signed by an authority that signed itself and that this machine does not trust",
    20: "is signed by an authority that this machine does not trust",
    21: "is signed by an authority that this machine does not trust",
    23: "was revoked",
    62: "is for another host",
    64: "is for another address",
}
"""By OpenSSL's number of the reason (x509_vfy.h)."""


class Where(NamedTuple):
    """What was called. ``origin``: scheme, host and port; ``proxy``: its address, empty for none."""

    origin: str
    endpoint: Endpoint
    proxy: str = ""


def failure_of_error(error: BaseException, where: Where, *, answered: bool = False) -> Failure:
    """``answered``: the head of the answer was there already."""
    import httpx

    causes = tuple(_causes(error))
    if isinstance(error, httpx.ProxyError):
        return Failure("proxy", f"the proxy {_proxy(where)} refused to connect to {where.origin}; {_about_proxies()}")
    if isinstance(error, httpx.InvalidURL | httpx.UnsupportedProtocol | ValueError):
        return Failure("connection", f"the address of `{where.endpoint.provider}`, {where.origin}, is none; mend it")
    if isinstance(error, ImportError):
        return Failure(
            "proxy", f"the proxy {_proxy(where)} speaks SOCKS: install promptls with `httpx[socks]` beside it"
        )
    for cause in causes:
        if isinstance(cause, ssl.SSLError | ssl.CertificateError):
            return _tls(cause, where)
    if isinstance(error, httpx.TimeoutException):
        return _timeout(error, where, answered)
    if answered:
        return Failure("truncated", f"{where.origin} broke off in the middle of the answer", retryable=True)
    for cause in causes:
        if isinstance(cause, socket.gaierror):
            return _no_name(cause, where)
    if any(isinstance(cause, ConnectionRefusedError) for cause in causes):
        return Failure("refused", _refused(where))
    if isinstance(error, FileNotFoundError | PermissionError | IsADirectoryError):
        # Before anything is connected: the file of certificates.
        return Failure("tls", f"the certificates in {where.endpoint.ca_file} (`ca_file`) cannot be read")
    if isinstance(error, httpx.RemoteProtocolError):
        said = f"{where.origin} broke off without an answer; is `base_url` the address of a model service?"
        return Failure("connection", said, retryable=True)
    return Failure("connection", f"the connection to {_through(where)} failed; is the network there?", retryable=True)


def _tls(error: ssl.SSLError | ssl.CertificateError, where: Where) -> Failure:
    if isinstance(error, ssl.SSLCertVerificationError):
        reason = _NOT_TRUSTED.get(error.verify_code, "is not trusted")
        own = error.verify_code in (18, 19, 20, 21)
        help = (
            f"if it is your company's, set `ca_file` of `{where.endpoint.provider}` in your own configuration to the "
            "certificate of its authority"
            if own
            else "check the address, and this machine's clock"
        )
        return Failure("tls", f"the certificate of {where.origin} {reason}; {help}")
    if getattr(error, "reason", "") in ("WRONG_VERSION_NUMBER", "HTTP_REQUEST", "UNKNOWN_PROTOCOL"):
        return Failure("tls", f"{where.origin} does not speak TLS; is its address `http:` instead of `https:`?")
    if getattr(error, "reason", "") in ("NO_CERTIFICATE_OR_CRL_FOUND", "PEM_LIB", "NO_START_LINE"):
        return Failure("tls", f"there is no certificate in {where.endpoint.ca_file} (`ca_file`)")
    return Failure("tls", f"{where.origin} and this machine found no way to encrypt; is something in between?")


def _timeout(error: BaseException, where: Where, answered: bool) -> Failure:
    import httpx

    if isinstance(error, httpx.ConnectTimeout):
        said = f"{_through(where)} did not take the connection in 5 seconds; is the network there?"
        return Failure("timeout", said, retryable=True)
    seconds = f"{where.endpoint.timeout:g} seconds"
    silent = f"nothing more came from {where.origin}" if answered else f"{where.origin} did not answer"
    help = f"run it again, or set `timeout` of `{where.endpoint.provider}` higher"
    return Failure("timeout", f"{silent} for {seconds}; {help}")


def _no_name(error: socket.gaierror, where: Where) -> Failure:
    temporary = error.errno == socket.EAI_AGAIN
    host = urlsplit(where.proxy or where.origin).hostname or where.origin
    what = f"the proxy {_proxy(where)} was not found" if where.proxy else f"there is no host {host}"
    help = _about_proxies() if where.proxy else f"check the address of `{where.endpoint.provider}`, and the network"
    return Failure("dns", f"{what}; {help}", retryable=temporary)


def _refused(where: Where) -> str:
    if where.proxy:
        return f"nothing listens at the proxy {_proxy(where)}; {_about_proxies()}"
    return f"nothing listens at {where.origin}; start the server of `{where.endpoint.provider}`, or mend its address"


def _through(where: Where) -> str:
    return f"{where.origin} through the proxy {_proxy(where)}" if where.proxy else where.origin


def _proxy(where: Where) -> str:
    """Without the name and password that its address may hold."""
    parts = urlsplit(where.proxy)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"


def _about_proxies() -> str:
    return "HTTPS_PROXY and NO_PROXY say which addresses go through it"


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error and all behind it, each once."""
    todo, seen = [error], set()
    while todo:
        one = todo.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        todo += [behind for behind in (one.__context__, one.__cause__) if behind is not None]
        if isinstance(one, BaseExceptionGroup):
            todo += one.exceptions
