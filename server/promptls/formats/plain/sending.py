"""From values to messages: defaults, the template as the engine gets it, the rendered text cut at its role lines."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from promptls.formats.base import FormatError, MissingInput, OpenSibling
from promptls.formats.plain import templates as others
from promptls.formats.plain.roles import LINE
from promptls.prompt.message import Message, Part
from promptls.prompt.model import MISSING, Document, Prompt


def values(prompt: Prompt, given: Mapping[str, Any]) -> Mapping[str, Any]:
    """The given values and the declared defaults. Raises MissingInput with all required inputs that have neither."""
    filled = {item.name: item.default for item in prompt.inputs if item.default is not MISSING} | dict(given)
    missing = tuple(item.name for item in prompt.inputs if item.required and item.name not in filled)
    if missing:
        raise MissingInput(missing)
    return filled


def templates(document: Document, prompt: Prompt, open_sibling: OpenSibling) -> Mapping[str, str]:
    template = prompt.template
    if template is None:
        return {}
    return others.texts(template.analysis.includes, template.dialect, open_sibling)


def messages(prompt: Prompt, rendered: str, values: Mapping[str, Any], nonce: str = "") -> tuple[Message, ...]:
    """As promptflow cuts a chat prompt. Without any role line all of it is one user message; what stands above the
    first one, which promptflow refuses, is a system message."""
    chunks = [chunk.strip() for chunk in LINE.split(rendered.replace("\r\n", "\n").replace("\r", "\n"))]
    if not any(chunks):
        raise FormatError("empty-prompt", "The rendered text is empty, so there is no message to send")
    if len(chunks) == 1:
        return (_message("user", chunks[0]),)
    above, *rest = chunks
    found = [_message("system", above)] if above else []
    turns = list(zip(rest[::2], rest[1::2], strict=True))
    if not turns[-1][1]:
        turns.pop()
    for role, content in turns:
        if not content:
            message = f"The role line `{role.lower()}:` has no text below it: write the message, or remove the line"
            raise FormatError("empty-message", message)
        found.append(_message(role.lower(), content))
    return tuple(found)


def _message(role: str, content: str) -> Message:
    return Message(role, (Part("text", content),))
