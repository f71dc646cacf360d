"""The pictures, sounds and files that a prompt names by a path beside it: their content, read when it is to be sent.

Prompty's v1 loader reads them, too (0.1.50 `parsers.py`, png and jpeg). Only what is inside of the workspace and is
what its ending says: a prompt of somebody else cannot have other files sent.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath
from typing import Final

from promptls.prompt.message import Message, Part
from promptls.providers.event import Failure
from promptls.text.uris import uri_to_path
from promptls.workspace.snapshot import Snapshot

LARGEST: Final = 20_000_000
"""Bytes of one file; no provider takes more in a request."""
KINDS: Final = ("image", "audio", "file")
_PATH: Final = re.compile(r"(?!data:)(?![A-Za-z][A-Za-z0-9+.-]{1,20}:)[^\n]{0,500}\.[A-Za-z0-9]{1,5}")
_TYPES: Final[Mapping[str, tuple[str, bytes]]] = {
    ".png": ("image/png", rb"\x89PNG\r\n"),
    ".jpg": ("image/jpeg", rb"\xff\xd8\xff"),
    ".jpeg": ("image/jpeg", rb"\xff\xd8\xff"),
    ".gif": ("image/gif", rb"GIF8"),
    ".webp": ("image/webp", rb"RIFF....WEBP"),
    ".wav": ("audio/wav", rb"RIFF....WAVE"),
    ".mp3": ("audio/mpeg", rb"ID3|\xff[\xe2-\xff]"),
    ".pdf": ("application/pdf", rb"%PDF-"),
}
"""By ending: the type, and how a file of it begins."""


def attached_files(uri: str, messages: Iterable[Message], snapshot: Snapshot) -> tuple[dict[str, str], Failure | None]:
    """The content, as a ``data:`` URL, by the path as it is written; and why one of them cannot be sent."""
    found: dict[str, str] = {}
    failure = None
    for message in messages:
        for part in message.parts:
            if part.type not in KINDS or part.value in found or not _PATH.fullmatch(part.value):
                continue
            content = _content(uri, part, snapshot)
            if isinstance(content, Failure):
                failure = failure or content
            else:
                found[part.value] = content
    return found, failure


def _content(uri: str, part: Part, snapshot: Snapshot) -> str | Failure:
    sibling = snapshot.sibling(uri, part.value)
    path = uri_to_path(sibling.uri) if sibling.uri else None
    if sibling.exists is None:
        return _refused(part, "is not inside of the workspace: put it there")
    if not sibling.exists or path is None:
        return _refused(part, "is not there: its path begins at the folder of the prompt")
    media_type, begins = _TYPES.get(PurePosixPath(part.value).suffix.lower(), ("", b""))
    if not media_type:
        return _refused(part, f"is of no kind that can be sent ({', '.join(sorted(_TYPES))}): convert it")
    try:
        if not Path(path).is_file():
            # A pipe of that name would be waited for.
            return _refused(part, "is no file")
        if Path(path).stat().st_size > LARGEST:
            return _refused(part, f"has more than {LARGEST // 1_000_000} MB: make it smaller")
        content = Path(path).read_bytes()
    except OSError:
        return _refused(part, "cannot be read: see who may read it")
    if not re.match(begins, content, re.S):
        return _refused(part, f"is no {media_type}, whatever its ending says")
    return f"data:{media_type};base64,{base64.b64encode(content).decode()}"


def _refused(part: Part, why: str) -> Failure:
    return Failure("invalid-request", f"The {part.type} `{part.value}` {why}")
