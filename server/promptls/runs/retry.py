"""The only retry layer: when, how long to wait, and when another provider may help.

Nothing is sent again once a piece of an answer arrived. The waits are those of the OpenAI and Anthropic SDKs.
"""

from __future__ import annotations

import random
from typing import Final

from promptls.providers.event import Failure

RETRIES: Final = 2
"""Times that one provider is asked again."""
LONGEST: Final = 120.0
"""Seconds; a provider that asks for a longer wait has failed."""
_FIRST: Final = 0.5
_MOST: Final = 8.0

_OWN_FAULT: Final = frozenset({"cancelled", "content-filter", "secret", "consent", "budget", "offline", "policy"})


def wait_before(failure: Failure, retries: int, *, chance: float | None = None) -> float | None:
    """Seconds to wait before the next try; None where there is none. ``retries``: how many there were."""
    if not failure.retryable or retries >= RETRIES:
        return None
    if failure.retry_after is not None:
        return failure.retry_after if 0 <= failure.retry_after <= LONGEST else None
    part = random.random() if chance is None else chance  # noqa: S311
    return float(min(_FIRST * 2**retries, _MOST) * (1 - 0.25 * part))


def told(failure: Failure, target: str) -> str:
    """Who failed and how, as the beginning of a sentence."""
    return f"{target}: {failure.message.strip().rstrip('.;!') or 'no answer'}"


def goes_on(failure: Failure) -> bool:
    """Whether the next provider of a route may do better."""
    return failure.kind not in _OWN_FAULT


def without_usage(failure: Failure) -> bool:
    """Whether a server refused the request only because it does not know how to count in a stream."""
    told = f"{failure.parameter} {failure.message}"
    return failure.status in (400, 422) and ("stream_options" in told or "include_usage" in told)
