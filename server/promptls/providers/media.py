"""The content of a picture, a sound or a file, however a part of a message has it."""

from __future__ import annotations

import base64
import binascii
import re
from typing import Final, NamedTuple
from urllib.parse import unquote_to_bytes

from promptls.prompt.message import Part
from promptls.providers.request import UnsupportedError

_ADDRESS: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")


class Media(NamedTuple):
    """Content as base64 in ``data``, or an address in ``url``; the other is empty."""

    media_type: str
    data: str
    url: str = ""


def media_of(part: Part, otherwise: str) -> Media:
    """The content of a picture, a sound or a file. ``otherwise``: its type, where nothing says it.

    Raises UnsupportedError for what is neither an address nor content.
    """
    value = part.value
    if value.startswith("data:"):
        head, comma, data = value[5:].partition(",")
        media_type = part.media_type or head.split(";")[0] or otherwise
        if not comma:
            raise UnsupportedError(part.type, f"The {part.type} is a `data:` URL without a comma: its content is lost.")
        if not head.endswith(";base64"):
            data = base64.b64encode(unquote_to_bytes(data)).decode()
        return Media(media_type, data)
    if _ADDRESS.match(value):
        return Media(part.media_type or otherwise, "", value)
    try:
        base64.b64decode(value[:256].ljust(-(-min(len(value), 256) // 4) * 4, "="), validate=True)
    except (binascii.Error, ValueError):
        raise UnsupportedError(
            part.type, f"The {part.type} `{value[:60]}` is neither an address nor its content in base64."
        ) from None
    return Media(part.media_type or otherwise, value)
