"""What comes back from a model, in no provider's words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, TypeAlias


@dataclass(frozen=True, slots=True)
class TextDelta:
    """A piece of the answer."""

    text: str


@dataclass(frozen=True, slots=True)
class ThinkingDelta:
    """A piece of what the model thought aloud before its answer; no part of the answer."""

    text: str


@dataclass(frozen=True, slots=True)
class ToolDelta:
    """A piece of a tool call. ``index``: which call; ``id`` and ``name`` come once; ``arguments``: a piece of JSON."""

    index: int
    id: str = ""
    name: str = ""
    arguments: str = ""


@dataclass(frozen=True, slots=True)
class MediaDelta:
    """An image or audio, whole, as a ``data:`` URL or an address; an embedding as JSON (``application/json``)."""

    value: str
    media_type: str


@dataclass(frozen=True, slots=True)
class Answering:
    """What answers: the model by its own name, the provider's own name of the call (for a support ticket)."""

    model: str = ""
    request_id: str = ""


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens as the provider counted them so far; a later one replaces an earlier one. None: it did not say."""

    input: int | None = None
    output: int | None = None
    cached: int | None = None
    thinking: int | None = None


@dataclass(frozen=True, slots=True)
class Finish:
    """The end of the answer. ``reason``: ``stop``, ``length``, ``tool_calls``, ``content_filter``, ``refusal``,
    ``context`` (prompt and answer fill the window) or ``other``; ``raw``: what the provider said."""

    reason: str
    raw: str = ""


@dataclass(frozen=True, slots=True)
class Failure:
    """Why there is no (whole) answer.

    ``kind`` is one of KINDS. ``message``: the provider's own sentence, without keys, at most 500 characters, or ours.
    ``retry_after``: seconds to wait that the provider asks for; ``retryable``: it may work when sent again as it is.
    ``parameter``: the setting that the provider refuses, where it names one, in its own words.
    """

    kind: str
    message: str
    status: int | None = None
    retryable: bool = False
    retry_after: float | None = None
    request_id: str = ""
    parameter: str = ""
    code: str = ""


KINDS: Final = (
    # said by the provider
    "authentication", "permission", "billing", "not-found", "invalid-request", "context-length", "content-filter",
    "rate-limit", "overloaded", "loading", "server",
    # seen by the transport
    "dns", "refused", "tls", "timeout", "connection", "proxy",
    # seen by the codec
    "truncated", "malformed", "empty",
    # decided here
    "cancelled", "no-key", "consent", "offline", "budget", "policy", "unsupported", "secret", "breaker",
)  # fmt: skip

Event: TypeAlias = "TextDelta | ThinkingDelta | ToolDelta | MediaDelta | Answering | Usage | Finish | Failure"
