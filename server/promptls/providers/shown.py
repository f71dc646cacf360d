"""A request as a person may see it: everything that is sent, and ``$NAME`` where a key stands."""

from __future__ import annotations

import json
import re
from typing import Any, Final

from promptls.providers.redact import SHOWN, redact
from promptls.providers.request import Endpoint, HttpRequest

_REFERENCE: Final = re.compile(r"\$\{env:([A-Za-z_][A-Za-z0-9_]*)(?::[^}]*)?\}")
_SECRET: Final = re.compile(r"auth|key|token|secret|cookie|password|credential|signature", re.I)
_LONG: Final = 400
"""Characters of base64 from which on only its beginning is shown."""


def shown_headers(http: HttpRequest, endpoint: Endpoint) -> tuple[tuple[str, str], ...]:
    """The headers with the key's last, as the transport puts it on.

    What stands for a key in a person's own headers is ``***`` unless it names a variable.
    """
    headers = tuple((name, _shown(name, value)) for name, value in http.headers)
    names = {name.lower() for name, _ in headers}
    return headers + tuple(each for each in key_headers(endpoint) if each[0].lower() not in names)


def key_headers(endpoint: Endpoint) -> tuple[tuple[str, str], ...]:
    """How the key is put on; nothing where none is known by name."""
    if endpoint.auth == "sigv4":
        return (("Authorization", "AWS4-HMAC-SHA256 (signed with $AWS_ACCESS_KEY_ID and $AWS_SECRET_ACCESS_KEY)"),)
    if endpoint.auth == "none" or not endpoint.key_name:
        return ()
    if endpoint.auth == "bearer":
        return (("Authorization", f"Bearer ${endpoint.key_name}"),)
    return ((endpoint.auth.partition(":")[2], f"${endpoint.key_name}"),)


def _shown(name: str, value: str) -> str:
    named = _REFERENCE.sub(r"$\1", value)
    if named != value or not _SECRET.search(name):
        return redact(named)
    return SHOWN


def json_of(http: HttpRequest) -> Any:
    """The body, where it is JSON; None where it is something else or nothing."""
    try:
        return json.loads(http.body)
    except (ValueError, RecursionError):
        return None


def body_text(http: HttpRequest, *, whole: bool = False) -> str:
    """The body for people: JSON in lines, long content cut unless ``whole``; what is no text in a few words."""
    data = json_of(http)
    if data is not None:
        return redact(json.dumps(data if whole else cut(data), ensure_ascii=False, indent=2))
    if not http.body:
        return ""
    return f"({len(http.body):,} bytes that are no text)"


def cut(value: Any) -> Any:
    """JSON with the long base64 in it cut short."""
    if isinstance(value, dict):
        return {key: cut(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [cut(inner) for inner in value]
    if (
        isinstance(value, str)
        and len(value) > _LONG
        and re.fullmatch(r"(?:data:[^,]{1,200},)?[A-Za-z0-9+/=_-]+", value)
    ):
        return f"{value[:60]}… ({len(value):,} characters)"
    return value
