"""What is sent to a model: roles, messages, parts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Part:
    """``type``: ``text``, ``image``, ``audio``, ``file``. ``value``: the text, or a URL (``data:`` for content).

    ``section`` is a place that the application fills before it sends the message; ``value`` is its name.
    """

    type: str
    value: str
    media_type: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    role: str
    parts: tuple[Part, ...]
    metadata: Mapping[str, Any] = field(default_factory=dict)

    @property
    def text(self) -> str:
        return "".join(part.value for part in self.parts if part.type == "text")
