"""What happens during a run, told to whoever started it, from the thread of the runs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

KINDS: Final = ("started", "delta", "thinking", "tool", "usage", "waiting", "finished", "failed", "cancelled")
PARTIAL: Final = "What came until then is kept, and marked as partial."
"""The last sentence of the message of a run whose answer is ``partial``."""


@dataclass(frozen=True, slots=True)
class RunEvent:
    """``run``: its id. ``kind``: one of KINDS. ``text``: the piece of a ``delta`` or ``thinking``; the sentence of
    ``waiting``, ``failed`` and ``cancelled``. ``data``: plain values, without keys (``target``, ``usage`` …).
    A run has one ``started``, with its ``record`` as it begins, and ends with exactly one of ``finished``, ``failed``,
    ``cancelled``, with the record in the end."""

    run: str
    kind: str
    text: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)
    record: RunRecord | None = None


@dataclass(frozen=True, slots=True)
class RunRecord:
    """A run as the history and the result document know it. Times: seconds since 1970, UTC; durations: seconds.

    ``status``: ``running``, ``finished``, ``failed``, ``cancelled`` or ``interrupted``. ``target``: the
    ``provider/model`` that was asked for; ``model``: what answered, in its own words. ``cost``: US dollars, None where
    the price is unknown; ``price_date``: of the table it is by. ``tokens_estimated``: counted here, not there.
    ``partial``: the answer ends before its end. ``failure``: its kind (``providers.event.KINDS``).
    """

    id: str
    status: str
    started: float
    uri: str = ""
    prompt: str = ""
    prompt_hash: str = ""
    version: int | None = None
    sample: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)
    target: str = ""
    alias: str = ""
    provider: str = ""
    model: str = ""
    parameters: Mapping[str, Any] = field(default_factory=dict)
    answer: str = ""
    thinking: str = ""
    tool_calls: tuple[Mapping[str, Any], ...] = ()
    media: tuple[tuple[str, str], ...] = ()
    """``(media type, data: URL or address)`` of images and audio."""
    finish: str = ""
    partial: bool = False
    input_tokens: int | None = None
    output_tokens: int | None = None
    cached_tokens: int | None = None
    tokens_estimated: bool = False
    expected_tokens: int | None = None
    """Of the prompt by our estimate, where a provider that cuts silently has read far less."""
    cost: float | None = None
    price_date: str = ""
    latency: float | None = None
    first_token: float | None = None
    retries: int = 0
    trace_id: str = ""
    request_id: str = ""
    failure: str = ""
    message: str = ""
    """The sentence for a person where it failed or was cancelled."""
    wire: str = ""
    """Echo: the request as it would be sent, keys as ``$NAME``."""
    messages: tuple[Mapping[str, Any], ...] = ()
    """What was sent, as far as the configuration lets the history keep it (``log prompts``)."""


Sink: TypeAlias = Callable[[RunEvent], None]
