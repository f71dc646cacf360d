"""Rendered text -> messages, as dotpromptz 0.2.0 makes them (``_parse.py``, ``to_messages``).

The helpers leave marks in the text, ``<<<dotprompt:role:user>>>`` and the like. Pieces of white space alone are
dropped, other text is kept as it is; a role without text only changes what comes next; after the history the model
speaks. History that no ``{{history}}`` placed goes before the last message, where that is the user's, else to the end.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from promptls.formats.base import FormatError
from promptls.formats.dotprompt.roles import ROLES
from promptls.prompt.message import Message, Part
from promptls.prompt.model import Prompt

HISTORY = "{{history}}"
"""The value that holds the conversation so far: a list of ``{role, content: [{text}], metadata?}``."""

_SWITCH = re.compile(r"(<<<dotprompt:(?:role:[a-z]+|history))>>>")
_PART = re.compile(r"(<<<dotprompt:(?:media:url|section).*?)>>>")
_END = ">>>"
_ROLE, _HISTORY = "<<<dotprompt:role:", "<<<dotprompt:history"
_MEDIA, _SECTION = "<<<dotprompt:media:", "<<<dotprompt:section"
_TYPES = {
    **dict.fromkeys([".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg", ".bmp", ".heic"], "image"),
    **dict.fromkeys([".mp3", ".wav", ".ogg", ".flac", ".m4a", ".aac"], "audio"),
}


def messages(prompt: Prompt, rendered: str, values: Mapping[str, Any], nonce: str = "") -> tuple[Message, ...]:
    """The messages that a run would send. ``values`` may hold the conversation so far, under ``HISTORY``.

    Raises FormatError where the loader raises.
    """
    history = [_given(turn) for turn in values.get(HISTORY) or () if isinstance(turn, Mapping)]
    return tuple(_with_history(list(_turns(rendered, history)), history))


def _turns(rendered: str, history: list[Message]) -> Iterator[Message]:
    role, text = "user", ""
    for piece in _split(_SWITCH, rendered):
        if piece.startswith(_ROLE):
            if text.strip():
                yield Message(role, tuple(_parts(text)))
                text = ""
            role = piece.removeprefix(_ROLE)
            if role not in ROLES:
                known = ", ".join(f"`{name}`" for name in ROLES)
                raise FormatError("unknown-role", f"There is no role `{role}`: it is one of {known}")
        elif piece.startswith(_HISTORY):
            if text:
                yield Message(role, tuple(_parts(text)))
            yield from (_as_history(turn) for turn in history)
            role, text = "model", ""
        else:
            text += piece
    if text:
        yield Message(role, tuple(_parts(text)))


def _with_history(found: list[Message], history: list[Message]) -> list[Message]:
    if not history or any(message.metadata.get("purpose") == "history" for message in found):
        return found
    if found and found[-1].role == "user":
        return [*found[:-1], *history, found[-1]]
    return [*found, *history]


def _as_history(turn: Message) -> Message:
    return Message(turn.role, turn.parts, {**turn.metadata, "purpose": "history"})


def _split(marks: re.Pattern[str], text: str) -> list[str]:
    """The marks, each without its end, and the text between them. A mark stands on one line, before its end."""
    pieces, done, at = [], 0, 0
    while at <= len(text):
        stop = text.find("\n", at)
        stop = len(text) if stop < 0 else stop
        # Behind the last end no mark is looked for: each would be, up to the end of the line.
        last = text.rfind(_END, at, stop)
        for found in marks.finditer(text, at, last + len(_END)) if last >= 0 else ():
            pieces += [text[done : found.start()], found[1]]
            done = found.end()
        at = stop + 1
    pieces.append(text[done:])
    return [piece for piece in pieces if piece.strip()]


def _parts(text: str) -> Iterator[Part]:
    for piece in _split(_PART, text):
        if piece.startswith(_MEDIA):
            yield _media(piece)
        elif piece.startswith(_SECTION):
            fields = piece.split(" ")
            if len(fields) != 2:
                raise FormatError("invalid-section", f"A section's name is one word: `{' '.join(fields[1:])}` is not")
            yield Part("section", fields[1])
        else:
            yield Part("text", piece)


def _media(piece: str) -> Part:
    fields = piece.split(" ")
    if len(fields) not in (2, 3):
        raise FormatError("invalid-media", f"A URL holds no blanks: `{' '.join(fields[1:])[:80]}` is none")
    url, content_type = fields[1], fields[2] if len(fields) == 3 else ""
    return Part(media_type(url, content_type), url, content_type)


def media_type(url: str, content_type: str) -> str:
    """``image``, ``audio`` or ``file``, by the content type, else by the address."""
    if not content_type and url.startswith("data:"):
        content_type = url.removeprefix("data:").partition(",")[0]
    main = content_type.partition("/")[0].lower()
    if main:
        return main if main in ("image", "audio") else "file"
    try:
        path = urlsplit(url).path
    except ValueError:
        path = url
    return _TYPES.get(posixpath.splitext(path)[1].lower(), "file")


def _given(turn: Mapping[str, Any]) -> Message:
    content = turn.get("content")
    parts = [_given_part(each) for each in content] if isinstance(content, list) else [Part("text", str(content or ""))]
    metadata = turn.get("metadata")
    return Message(str(turn.get("role", "user")), tuple(parts), dict(metadata) if isinstance(metadata, Mapping) else {})


def _given_part(part: Any) -> Part:
    if not isinstance(part, Mapping):
        return Part("text", str(part))
    media = part.get("media")
    if isinstance(media, Mapping):
        url, content_type = str(media.get("url", "")), str(media.get("contentType") or "")
        return Part(media_type(url, content_type), url, content_type)
    return Part("text", str(part["text"]) if "text" in part else str(dict(part)))
