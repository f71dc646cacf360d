"""A preview as plain data: what every way of showing it is made from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from promptls.prompt.message import Part
from promptls.prompt.model import Tool
from promptls.text import Span


@dataclass(frozen=True, slots=True)
class Tokens:
    """``estimated``: counted here from the text, not by the model's own tokenizer; shown with ``~``."""

    count: int
    estimated: bool = True

    def __str__(self) -> str:
        return f"{'~' if self.estimated else ''}{self.count:,}"


NO_TOKENS: Final = Tokens(0)


@dataclass(frozen=True, slots=True)
class Piece:
    """What a message shows, in order. ``kind``: ``text`` (the template's own words), ``value`` (what an expression
    put in), ``hole`` (a value that nobody gave; ``text`` may be empty, since it renders as nothing), or the type of a
    part that is no text (``image``, ``audio``, ``file``, ``section``), whose ``text`` is its address or name.

    ``name``: the input that it shows, where it is one. ``span``, ``line`` (from 0): the expression in the file; a
    ``text`` has none.
    """

    kind: str
    text: str
    name: str = ""
    span: Span | None = None
    line: int | None = None
    media_type: str = ""


@dataclass(frozen=True, slots=True)
class PreviewMessage:
    """``parts`` is what is sent, ``pieces`` the same to look at. ``line``, ``offset``: of the role line that starts it
    in the file, None where that cannot be told (a message of a thread)."""

    role: str
    parts: tuple[Part, ...]
    pieces: tuple[Piece, ...]
    tokens: Tokens
    line: int | None = None
    offset: int | None = None
    metadata: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PreviewProblem:
    """``severity``: ``error``, ``warning``, ``information``. ``line`` counts from 0. ``message_index``: of the message
    in whose part of the template it is; None for the header, and where no message could be made."""

    message: str
    severity: str
    code: str
    span: Span
    line: int
    message_index: int | None = None


@dataclass(frozen=True, slots=True)
class Preview:
    """One prompt as it would be sent with one sample.

    ``version``: of the buffer, None for a file on disk. ``sample``: counted from 1, None where there is none;
    ``samples``: their titles. ``holes``: inputs without a value; ``refused``: those of them without which the format's
    own loader does not render, so that a placeholder stands in. ``window``: the tokens that fit into the model, None
    where unknown. ``stale``: the messages are those of the last version that rendered. ``wire``: the request as the
    provider would get it, where somebody asked for it.
    """

    uri: str
    version: int | None
    title: str
    format: str = ""
    description: str = ""
    messages: tuple[PreviewMessage, ...] = ()
    sample: int | None = None
    samples: tuple[str, ...] = ()
    holes: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    tokens: Tokens = NO_TOKENS
    model: str = ""
    target: str = ""
    window: int | None = None
    problems: tuple[PreviewProblem, ...] = ()
    tools: tuple[Tool, ...] = ()
    output: Mapping[str, Any] | None = None
    stale: bool = False
    wire: str | None = None

    @property
    def share(self) -> float | None:
        """Of the context window, 1 is all of it."""
        return self.tokens.count / self.window if self.window else None


def placeholder(name: str) -> str:
    """How a hole looks."""
    return f"‹{name}›"
