"""Files that messages name by their path: shown and kept as the path, sent as their content."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from promptls.prompt.message import Message


def attached(messages: tuple[Message, ...], files: Mapping[str, str]) -> tuple[Message, ...]:
    """``files``: the content as a ``data:`` URL, by the path as it is written."""
    if not files:
        return messages
    return tuple(
        replace(
            message,
            parts=tuple(
                replace(part, value=files[part.value], media_type="")
                if part.type != "text" and part.value in files
                else part
                for part in message.parts
            ),
        )
        for message in messages
    )
