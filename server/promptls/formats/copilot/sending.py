"""From values to the message: the Markdown as it stands, with what a person was asked for in its place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from promptls.formats.base import FormatError, MissingInput
from promptls.prompt.message import Message, Part
from promptls.prompt.model import Prompt


def values(prompt: Prompt, given: Mapping[str, Any]) -> Mapping[str, Any]:
    """Raises MissingInput: VS Code asks for each input."""
    missing = tuple(item.name for item in prompt.inputs if item.name not in given)
    if missing:
        raise MissingInput(missing)
    return given


def messages(prompt: Prompt, rendered: str, values: Mapping[str, Any], nonce: str = "") -> tuple[Message, ...]:
    """One message of the person who starts the prompt."""
    written = rendered.strip()
    if not written:
        raise FormatError("empty-prompt", "The rendered text is empty, so there is no message to send")
    return (Message("user", (Part("text", written),)),)
