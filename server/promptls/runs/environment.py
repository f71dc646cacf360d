"""Variables of the environment in messages: shown by their name, sent by their value once a person has said so.

Only the references that the prompt file itself writes count. What stands in a value from elsewhere is text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Final

from promptls.prompt.message import Message
from promptls.prompt.model import Document

_REFERENCE: Final = re.compile(r"\$\{env:([A-Za-z_][A-Za-z0-9_]{0,200})(?::([^}\n]{0,500}))?\}")


def expansions(
    document: Document, messages: Iterable[Message], environment: Mapping[str, str]
) -> dict[str, str | None]:
    """The value for each reference as written that the messages hold; None for a variable that is not set."""
    written = {reference.target for reference in document.references if reference.kind == "environment"}
    if not written:
        return {}
    found: dict[str, str | None] = {}
    for message in messages:
        for part in message.parts:
            for match in _REFERENCE.finditer(part.value):
                if match[1] in written:
                    found[match[0]] = environment.get(match[1], match[2])
    return found


def names_of(expands: Mapping[str, str | None]) -> tuple[str, ...]:
    """The variables whose values would be sent, each once."""
    names = (match[1] for text, value in expands.items() if value is not None and (match := _REFERENCE.match(text)))
    return tuple(dict.fromkeys(names))


def expanded(messages: tuple[Message, ...], expands: Mapping[str, str | None]) -> tuple[Message, ...]:
    """The messages with values where references stand; what is not set stays as it is written."""
    if not expands:
        return messages

    def value(match: re.Match[str]) -> str:
        known = expands.get(match[0])
        return match[0] if known is None else known

    return tuple(
        replace(
            message,
            parts=tuple(replace(part, value=_REFERENCE.sub(value, part.value)) for part in message.parts),
        )
        for message in messages
    )
