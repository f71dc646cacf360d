"""What a provider's error means: one tolerant reader for the bodies of all of them.

The shapes are those of ``reference/providers.md`` 1d: OpenAI, Azure, Anthropic, Gemini (also as a list of one), Bedrock
(the kind in a header), Ollama (a text), llama.cpp (numbers as codes), Cohere, FastAPI, old vLLM, web pages of gateways.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator, Mapping
from email.utils import parsedate_to_datetime
from html import unescape
from typing import Any, Final

from promptls.providers.event import Failure
from promptls.providers.redact import redact
from promptls.providers.request import Endpoint

_LONGEST: Final = 500
_READ: Final = 20_000
"""Characters of a message that are looked at."""
_BY_CODE: Final[Mapping[str, str]] = {
    "insufficient_quota": "billing",
    "billing_error": "billing",
    "billing_hard_limit_reached": "billing",
    "invalid_api_key": "authentication",
    "authentication_error": "authentication",
    "unauthenticated": "authentication",
    "api_key_invalid": "authentication",
    "unrecognizedclientexception": "authentication",
    "invalidsignatureexception": "authentication",
    "expiredtokenexception": "authentication",
    "missingauthenticationtokenexception": "authentication",
    "permission_error": "permission",
    "permission_denied": "permission",
    "accessdeniedexception": "permission",
    "not_found_error": "not-found",
    "not_found": "not-found",
    "model_not_found": "not-found",
    "deploymentnotfound": "not-found",
    "resourcenotfoundexception": "not-found",
    "unknown_model": "not-found",
    "context_length_exceeded": "context-length",
    "exceed_context_size_error": "context-length",
    "string_above_max_length": "context-length",
    "request_too_large": "context-length",
    "tokens_limit_reached": "context-length",
    "content_filter": "content-filter",
    "content_policy_violation": "content-filter",
    "moderation_blocked": "content-filter",
    "rate_limit_error": "rate-limit",
    "rate_limit_exceeded": "rate-limit",
    "ratelimitreached": "rate-limit",
    "resource_exhausted": "rate-limit",
    "throttlingexception": "rate-limit",
    "toomanyrequestsexception": "rate-limit",
    "overloaded_error": "overloaded",
    "unavailable": "overloaded",
    "serviceunavailableexception": "overloaded",
    "modelnotreadyexception": "loading",
    "timeout_error": "server",
    "modeltimeoutexception": "server",
    "modelerrorexception": "server",
    "modelstreamerrorexception": "server",
    "internalserverexception": "server",
    "internal": "server",
    "api_error": "server",
    "server_error": "server",
    "validationexception": "invalid-request",
    "invalid_request_error": "invalid-request",
    "invalid_argument": "invalid-request",
}
"""By ``code``, ``type`` or ``status`` in the body, in small letters."""
_BY_STATUS: Final[Mapping[int, str]] = {
    400: "invalid-request", 401: "authentication", 402: "billing", 403: "permission", 404: "not-found",
    408: "server", 409: "server", 413: "context-length", 422: "invalid-request", 424: "server", 429: "rate-limit",
    503: "overloaded", 529: "overloaded",
}  # fmt: skip
_VAGUE: Final = ("invalid-request", "server")
_TELLING: Final = (401, 402, 403, 404, 429, 503, 529)
"""Statuses that say more than ``invalid_request_error`` and ``server_error`` do, which come with all of them."""
_RETRYABLE: Final = ("rate-limit", "overloaded", "loading", "server")
_TOO_LONG: Final = re.compile(
    r"context (?:length|window|size)|maximum context|prompt is too long|too many (?:input )?tokens"
    r"|exceeds? the (?:model'?s )?(?:maximum|available) (?:number of )?(?:input )?(?:tokens|context)|input is too long",
    re.I,
)
_NO_MEDIA: Final = re.compile(r"\b(?:image|audio|video) input is not supported\b", re.I)
"""llama.cpp calls it a failure of its own, status 500; asked again it says it again."""
_PARAMETER: Final = (
    re.compile(
        r"(?:unsupported|unknown|unrecognized|unexpected|invalid) (?:[a-z]+ ){0,4}?(?:parameters?|arguments?|fields?)"
        r"(?: [a-z]+){0,2}:? *[`'\"]?([A-Za-z_][\w.\[\]]*)",
        re.I,
    ),
    re.compile(
        r"[`'\"]([A-Za-z_][\w.]*)[`'\"][^.]{0,60}?\b(?:is|are|does|do)(?: not|n't| no longer)? "
        r"(?:not |no longer )?(?:supported|allowed|permitted|deprecated|support)",
        re.I,
    ),
    re.compile(r"^([a-z_][\w.]*): (?:extra inputs|field required|input should)", re.I),
    re.compile(r"unknown name \\?[\"']([A-Za-z_]\w*)", re.I),
)
_KEY_SHAPES: Final = re.compile(
    r"\b(?:sk|pk|rk|hf|gsk|xai|ghp|gho|ghs|github_pat|AIza|AKIA|ASIA|ya29)[-_.A-Za-z0-9*]{6,}"
    r"|(?i:\bbearer\s+)[-._~+/A-Za-z0-9*]{6,}=*"
    r"|(?i:(?<=key=)|(?<=token=)|(?<=key: )|(?<=provided: ))[-._~+/A-Za-z0-9*]{6,}"
)


def failure_of(
    status: int, headers: Mapping[str, str], body: bytes, endpoint: Endpoint, *, now: float | None = None
) -> Failure:
    """Why a call failed, of an answer that is not 200. ``now``: seconds since 1970, for a date in ``retry-after``.

    Never raises. The message is the provider's, in one line, without what looks like a key.
    """
    head = {name.lower(): value for name, value in headers.items()}
    text = body[: 1 << 20].decode("utf-8", "replace")
    data = _parsed(text)
    request_id = next((head[name] for name in _REQUEST_IDS if head.get(name)), "")
    said = head.get("x-amzn-errortype", "").split(":")[0].rpartition("#")[2]
    if data is None:
        message, kind = _of_page(status, text, head, endpoint), _BY_STATUS.get(status, _of_range(status))
        found = Failure(kind, message, status, kind in _RETRYABLE, code=said)
    else:
        found = _failure(data, status, said)
    wait = _wait(head, data, time.time() if now is None else now)
    asked = head.get("x-should-retry", "").strip().lower()
    retryable = {"true": True, "false": False}.get(asked, found.retryable)
    return Failure(
        found.kind, found.message, status, retryable, wait, request_id or found.request_id, found.parameter, found.code
    )


_REQUEST_IDS: Final = (
    "x-request-id",
    "request-id",
    "x-amzn-requestid",
    "apim-request-id",
    "x-github-request-id",
    "cf-ray",
)


def failure_in(data: Any) -> Failure | None:
    """The failure that an answer with status 200 holds (an event, a line, a whole body); None where it holds none."""
    if isinstance(data, list) and len(data) == 1:
        data = data[0]
    if not isinstance(data, Mapping):
        return None
    if data.get("error") or data.get("type") == "error" or data.get("object") == "error":
        return _failure(data, None, "")
    return None


def clean(message: str) -> str:
    """In one line, at most 500 characters, without what looks like a key."""
    if len(message) > _READ:
        # Not in the middle of a word: half a key would not be known for one.
        words = message[:_READ].split()
        message = " ".join(words[:-1] or words)
    line = " ".join(redact(message).split())
    line = _KEY_SHAPES.sub("***", line)
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1] + "…"


def _parsed(text: str) -> Any:
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if isinstance(data, list) and data:
        data = data[0]
    return data if isinstance(data, Mapping) else None


def _failure(data: Mapping[str, Any], status: int | None, said: str) -> Failure:
    error = data.get("error")
    inner: Mapping[str, Any] = error if isinstance(error, Mapping) else data
    message = next(_messages(data, inner), "")[:4000]
    words = [str(word) for word in (said, *_codes(inner), data.get("__type")) if word]
    code = said or next((str(inner[key]) for key in ("code", "type", "status") if inner.get(key)), "")
    numbers = (status, inner.get("code"), data.get("status_code"), data.get("code"))
    status = next((n for n in map(_number, numbers) if n is not None and 400 <= n <= 599), status)
    kind = next((_BY_CODE[word.lower()] for word in words if word.lower() in _BY_CODE), "")
    kind = _sharper(kind or _BY_STATUS.get(status or 0, "") or _of_range(status), message, status)
    parameter = inner.get("param") or inner.get("parameter") or _place(data)
    if not isinstance(parameter, str) or not parameter:
        parameter = _named(message) if kind == "invalid-request" else ""
    return Failure(
        kind,
        clean(message) or "The provider gave no reason.",
        status,
        kind in _RETRYABLE,
        request_id=str(data.get("request_id") or ""),
        parameter=clean(parameter),
        code=clean(code),
    )


def _messages(data: Mapping[str, Any], inner: Mapping[str, Any]) -> Iterator[str]:
    for value in (inner.get("message"), data.get("error"), data.get("message"), data.get("Message")):
        if isinstance(value, str) and value:
            yield value
    for value in (data.get("detail"), data.get("errors")):
        if isinstance(value, str) and value:
            yield value
        if isinstance(value, Mapping) and isinstance(value.get("message") or value.get("msg"), str):
            yield value.get("message") or value["msg"]
        if isinstance(value, list):
            told = [_detail(each) for each in value[:3]]
            yield from filter(None, ["; ".join(filter(None, told))])


def _detail(each: Any) -> str:
    """One complaint of FastAPI: ``temperature: Input should be less than 2``."""
    if isinstance(each, str):
        return each
    if not isinstance(each, Mapping):
        return ""
    place = each.get("loc")
    where = ".".join(str(step) for step in place if step != "body") if isinstance(place, list) else ""
    message = str(each.get("msg") or each.get("message") or "")
    return f"{where}: {message}" if where else message


def _codes(inner: Mapping[str, Any]) -> Iterator[Any]:
    details = inner.get("details")
    yield from (inner.get("code"), inner.get("type"), inner.get("status"))
    if isinstance(details, Mapping):
        yield details.get("error_code")
    if isinstance(details, list):
        yield from (each.get("reason") for each in details if isinstance(each, Mapping))
    deeper = inner.get("innererror")
    if isinstance(deeper, Mapping):
        yield deeper.get("code")


def _place(data: Mapping[str, Any]) -> str:
    detail = data.get("detail")
    first = detail[0] if isinstance(detail, list) and detail else None
    place = first.get("loc") if isinstance(first, Mapping) else None
    named = [step for step in place if isinstance(step, str) and step != "body"] if isinstance(place, list) else []
    return named[-1] if named else ""


def _named(message: str) -> str:
    return next((found[1] for pattern in _PARAMETER if (found := pattern.search(message))), "")


def _sharper(kind: str, message: str, status: int | None) -> str:
    """What providers say in words only."""
    if kind == "invalid-request" and re.search(
        r"api[ _-]?key not valid|invalid api[ _-]?key|incorrect api key", message, re.I
    ):
        return "authentication"
    if kind in _VAGUE and _TOO_LONG.search(message):
        return "context-length"
    if kind == "server" and _NO_MEDIA.search(message):
        return "invalid-request"
    if kind == "server" and re.search(r"\boverloaded\b", message, re.I):
        return "overloaded"
    if kind in _VAGUE and status in _TELLING:
        kind = _BY_STATUS[status]
    if kind == "overloaded" and re.search(r"\bloading\b", message, re.I):
        return "loading"
    return kind


def _of_range(status: int | None) -> str:
    if status is None or status >= 500:
        return "server"
    return "invalid-request"


def _number(value: Any) -> int | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) == 3:
        return int(value)
    return value if isinstance(value, int) else None


def _of_page(status: int, text: str, head: Mapping[str, str], endpoint: Endpoint) -> str:
    if 300 <= status < 400:
        there = clean(head.get("location", "")).split("?")[0]
        return f"The address leads on{f' to {there}' if there else ''}; a key is not sent after it."
    if "<" not in text[:200]:
        return clean(text) or f"The answer is empty (status {status})."
    title = re.search(r"<(?:title|h1)[^>]{0,200}>([^<]{1,200})<", text[:20_000], re.I)
    about = f" (“{clean(unescape(title[1]))}”)" if title else ""
    return f"A web page answers at {endpoint.base_url}{about}, not a model."


def _wait(head: Mapping[str, str], data: Any, now: float) -> float | None:
    """Seconds. ``retry-after-ms`` first, as the vendors' SDKs read it."""
    milliseconds = _float(head.get("retry-after-ms", ""))
    if milliseconds is not None:
        return milliseconds / 1000
    written = head.get("retry-after", "")
    seconds = _float(written)
    if seconds is not None:
        return seconds
    try:
        return max(0.0, parsedate_to_datetime(written).timestamp() - now)
    except (ValueError, TypeError, OverflowError, IndexError):
        pass
    error = data.get("error") if isinstance(data, Mapping) else None
    details = error.get("details") if isinstance(error, Mapping) else None
    for each in details if isinstance(details, list) else ():
        if isinstance(each, Mapping) and isinstance(each.get("retryDelay"), str):
            return _float(each["retryDelay"].removesuffix("s"))
    return None


def _float(written: str) -> float | None:
    return float(written) if re.fullmatch(r"\d{1,9}(\.\d{1,9})?", written.strip()) else None
