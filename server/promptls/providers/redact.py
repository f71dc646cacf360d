"""Takes keys out of text that somebody may read: a log, an error of a provider, a request that is shown."""

from __future__ import annotations

import base64
import json
import logging
import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import quote, quote_plus

from promptls.providers.secret import known_values

SHOWN: Final = "***"
_PATTERNS: Final = (
    # A scheme's word stays: it says how the key was put on.
    re.compile(r"(?i)\b((?:bearer|basic)\s+)[\w.~+/=-]{6,}"),
    re.compile(r"(?i)([?&](?:key|api[-_]?key|access_token|token|sig|signature|x-amz-[a-z-]+)=)[^&\s\"'<>#]+"),
    re.compile(r"(?i)((?:x-api-key|api-key|x-goog-api-key)[\"']?\s*[:=]\s*[\"']?)[^\s\"',;]{6,}"),
    re.compile(r"()\b(?:sk|pk|rk)-[\w-]{16,}"),
    re.compile(r"()\b(?:gh[pousr]_\w{20,}|github_pat_\w{20,}|hf_\w{20,}|gsk_\w{20,}|xai-\w{20,}|AIza[\w-]{30,})"),
    re.compile(r"()\bA[KS]IA[A-Z0-9]{12,}"),
    re.compile(r"(://)[^/@\s:]+:[^/@\s]+(?=@)"),
)


def redact(text: str) -> str:
    """``text`` with every key that is in memory as its ``$NAME``, in whatever form it stands there, and with what
    looks like a key as ``***``."""
    text = without_known(text)
    for pattern in _PATTERNS:
        text = pattern.sub(rf"\1{SHOWN}", text)
    return text


def without_known(text: str) -> str:
    """``text`` with every key that is in memory as its ``$NAME``. What only looks like a key stays: an answer may be
    about keys."""
    for value, shown in sorted(known_values().items(), key=lambda item: -len(item[0])):
        for form in _forms(value):
            if form in text:
                text = text.replace(form, shown)
    return text


class RedactingFilter(logging.Filter):
    """On a handler: no record passes with a key in its message, its arguments or its trace."""

    def filter(self, record: logging.LogRecord) -> bool:
        try:
            said = record.getMessage()
        except (TypeError, ValueError):
            said = str(record.msg)
        record.msg, record.args = redact(said), None
        if record.exc_info and not record.exc_text:
            record.exc_text = logging.Formatter().formatException(record.exc_info)
        if record.exc_text:
            record.exc_text = redact(record.exc_text)
        if record.stack_info:
            record.stack_info = redact(record.stack_info)
        return True


def _forms(value: str) -> Iterator[str]:
    """The value as it is, in JSON, in an address, and in base64 (alone, and behind a colon as in Basic)."""
    yield value
    yield from {json.dumps(value)[1:-1], repr(value)[1:-1], quote(value, safe=""), quote_plus(value)} - {value}
    raw = value.encode("utf-8", "surrogatepass")
    for lead in (b"", b":"):
        yield base64.b64encode(lead + raw).decode().rstrip("=")
