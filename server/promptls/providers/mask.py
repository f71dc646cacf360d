"""Takes the key out of what a provider sends back: some repeat a request's headers in their errors, or in an answer."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Final

SHORTEST: Final = 16
"""Characters below which a key is left alone: `ollama` and `not-needed` are words that an answer may use."""


class Mask:
    """Works on bytes in pieces of any size; holds back only what may be the beginning of a key."""

    def __init__(self, keys: Iterable[tuple[str, str]]) -> None:
        """``keys``: each value with what is shown for it."""
        forms: dict[bytes, bytes] = {}
        for value, shown in keys:
            if len(value) >= SHORTEST:
                # As it stands, and as it stands inside of JSON.
                forms[value.encode()] = shown.encode()
                forms[json.dumps(value)[1:-1].encode()] = shown.encode()
        self._forms = forms
        self._held = b""

    def feed(self, data: bytes) -> bytes:
        if not self._forms:
            return data
        data = self._held + data
        for value, shown in self._forms.items():
            if value in data:
                data = data.replace(value, shown)
        keep = max(_beginning(data, value) for value in self._forms)
        self._held = data[len(data) - keep :]
        return data[: len(data) - keep]

    def end(self) -> bytes:
        held, self._held = self._held, b""
        return held


def _beginning(data: bytes, value: bytes) -> int:
    """How many bytes at the end of ``data`` are the beginning of ``value``."""
    at = max(0, len(data) - len(value) + 1)
    while (at := data.find(value[:1], at)) >= 0:
        if value.startswith(data[at:]):
            return len(data) - at
        at += 1
    return 0
