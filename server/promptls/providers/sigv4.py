"""AWS Signature Version 4: the headers that prove that a request was made by whoever has the secret key.

As botocore 1.44.5 signs (``auth.SigV4Auth``); no service but S3 signs otherwise.
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime
from typing import Final
from urllib.parse import quote, urlsplit

from promptls.providers.request import HttpRequest

ALGORITHM: Final = "AWS4-HMAC-SHA256"
_UNSIGNED: Final = frozenset({"expect", "transfer-encoding", "user-agent", "x-amzn-trace-id", "connection"})
"""What proxies and the client itself may still change."""


def sign(
    http: HttpRequest,
    *,
    region: str,
    access_key: str,
    secret_key: str,
    token: str = "",
    now: datetime,
    service: str = "bedrock",
) -> tuple[tuple[str, str], ...]:
    """The headers to add to those of the request, which is to be sent as it stands. ``now``: UTC; AWS refuses a
    request after five minutes. ``token``: of a session. Nothing in the result tells the secret key."""
    stamp = now.strftime("%Y%m%dT%H%M%SZ")
    added = [("X-Amz-Date", stamp), *([("X-Amz-Security-Token", token)] if token else [])]
    headers = _signed_headers(http, added)
    names = ";".join(headers)
    parts = urlsplit(http.url)
    request = "\n".join(
        (
            http.method,
            # The path of the address is encoded once more: %3A becomes %253A.
            quote(parts.path or "/", safe="/~-_."),
            "&".join(sorted(parts.query.split("&"))) if parts.query else "",
            *(f"{name}:{value}" for name, value in headers.items()),
            "",
            names,
            hashlib.sha256(http.body).hexdigest(),
        )
    )
    scope = f"{stamp[:8]}/{region}/{service}/aws4_request"
    text = "\n".join((ALGORITHM, stamp, scope, hashlib.sha256(request.encode()).hexdigest()))
    key = f"AWS4{secret_key}".encode()
    for step in scope.split("/"):
        key = hmac.digest(key, step.encode(), "sha256")
    signature = hmac.digest(key, text.encode(), "sha256").hex()
    proof = f"{ALGORITHM} Credential={access_key}/{scope}, SignedHeaders={names}, Signature={signature}"
    return (*added, ("Authorization", proof))


def _signed_headers(http: HttpRequest, added: list[tuple[str, str]]) -> dict[str, str]:
    """By lower-case name, sorted; blanks in a row count as one."""
    parts = urlsplit(http.url)
    custom = parts.port is not None and parts.port != {"https": 443, "http": 80}.get(parts.scheme)
    host = f"{parts.hostname}:{parts.port}" if custom else parts.hostname or ""
    found: dict[str, str] = {}
    for name, value in (("host", host), *http.headers, *added):
        name, value = name.lower(), " ".join(value.split())
        if name not in _UNSIGNED:
            found[name] = f"{found[name]},{value}" if name in found else value
    return dict(sorted(found.items()))
