"""The HTTP request around a body."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

from promptls.providers.join import join
from promptls.providers.request import Endpoint, HttpRequest, UnsupportedError


def post_json(endpoint: Endpoint, path: str, body: Mapping[str, Any], *, stream: bool) -> HttpRequest:
    """``path`` is joined to the endpoint's address, unless the service names its own. Raises UnsupportedError."""
    try:
        text = json.dumps(body, ensure_ascii=False, allow_nan=False, default=str)
    except (ValueError, RecursionError):
        raise UnsupportedError(
            "parameters", "A setting is no number that JSON can say (infinite, or not a number): take it out."
        ) from None
    accept = "text/event-stream" if stream else "application/json"
    return HttpRequest(
        "POST",
        url_of(endpoint, path),
        headers_of(endpoint, {"content-type": "application/json", "accept": accept}),
        # A half of a surrogate pair has no UTF-8.
        text.encode("utf-8", "replace"),
        stream,
    )


def get(endpoint: Endpoint, path: str) -> HttpRequest:
    """The list of models, at the address that the service names for it or at the wire format's."""
    own = endpoint.quirks.get("models")
    url = str(own) if own else join(endpoint.base_url, path)
    return HttpRequest("GET", url, headers_of(endpoint, {"accept": "application/json"}))


def url_of(endpoint: Endpoint, path: str) -> str:
    """Raises UnsupportedError for what would climb out of the endpoint's address: to another account of a gateway."""
    path = str(endpoint.quirks.get("path", path))
    if any(unquote(piece) in (".", "..") for piece in path.split("/")):
        raise UnsupportedError("path", f"The path `{path}` would lead out of {endpoint.base_url}: take the dots out.")
    return join(endpoint.base_url, path)


def headers_of(endpoint: Endpoint, own: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Ours, then the person's; theirs win. ``${env:NAME}`` in theirs is put in by the transport."""
    theirs = {name.lower() for name in endpoint.headers}
    return (*((name, value) for name, value in own.items() if name.lower() not in theirs), *endpoint.headers.items())
