"""Inputs that are messages or media: a mark goes through the renderer, the content into the messages.

As prompty 2.1.0 does (``renderers/_common.py``, ``core/pipeline.py``), with one difference: of several marks in
one message it expands the first and sends the others as text; here all are expanded, as is meant.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from promptls.formats.prompty.types import RICH_KINDS
from promptls.prompt.message import Message, Part
from promptls.prompt.model import Prompt

PREFIX = "__PROMPTY_THREAD_"


class Mark(NamedTuple):
    """The place of an input's content among the messages."""

    name: str


def rich_inputs(prompt: Prompt) -> dict[str, str]:
    """Name and kind (``thread``, ``image``, ``audio``, ``file``) of the inputs that are not text."""
    return {item.name: item.type.label for item in prompt.inputs if item.type.label in RICH_KINDS}


def marked_values(prompt: Prompt, values: Mapping[str, Any]) -> dict[str, Any]:
    """The values that the template gets: a mark for each rich input, also for one that has no value."""
    marks = {name: f"{PREFIX}{secrets.token_hex(4)}_{name}__" for name in rich_inputs(prompt)}
    return {**values, **marks}


def expand(messages: list[Message], values: Mapping[str, Any], kinds: Mapping[str, str]) -> tuple[Message, ...]:
    """Replaces the marks by what they stand for; a thread that is placed nowhere goes to the end."""
    found: list[Message] = []
    marked = False
    for piece in _pieces(messages, values, kinds):
        if isinstance(piece, Message):
            found.append(piece)
            continue
        marked = True
        kind = kinds.get(piece.name, "thread")
        if kind == "thread":
            found += _thread(values.get(piece.name))
        else:
            _attach(found, Part(kind, str(values.get(piece.name) or "")))
    if not marked:
        for name in (name for name, kind in kinds.items() if kind == "thread"):
            found += _thread(values.get(name))
    return tuple(found)


def _pieces(messages: list[Message], values: Mapping[str, Any], kinds: Mapping[str, str]) -> Iterator[Message | Mark]:
    names = sorted({*kinds, *values}, key=len, reverse=True)
    mark = re.compile(PREFIX + r"[0-9a-f]{8}_(" + "|".join(map(re.escape, names)) + ")__")
    for message in messages:
        text = message.text
        found = list(mark.finditer(text)) if PREFIX in text else []
        done = 0
        for match in found:
            yield from _text(message, text[done : match.start()].strip())
            yield Mark(match[1])
            done = match.end()
        if found:
            yield from _text(message, text[done:].strip())
        else:
            yield message


def _text(message: Message, text: str) -> Iterator[Message]:
    if text:
        yield replace(message, parts=(Part("text", text),), metadata=dict(message.metadata))


def _attach(found: list[Message], part: Part) -> None:
    """To the user's message right before, else as a message of the user's own."""
    if found and found[-1].role == "user":
        found[-1] = replace(found[-1], parts=(*found[-1].parts, part))
    else:
        found.append(Message("user", (part,)))


def _thread(value: Any) -> Iterator[Message]:
    for turn in value if isinstance(value, list | tuple) else ():
        if isinstance(turn, Message):
            yield turn
        elif isinstance(turn, Mapping):
            content = turn.get("content", "")
            parts = [_part(each) for each in content] if isinstance(content, list) else [Part("text", str(content))]
            metadata = {str(key): each for key, each in turn.items() if key not in ("role", "content", "parts")}
            yield Message(str(turn.get("role", "user")), tuple(parts), metadata)


def _part(item: Any) -> Part:
    if not isinstance(item, Mapping):
        return Part("text", str(item))
    kind = item.get("kind", item.get("type", "text"))
    if kind == "text":
        return Part("text", str(item.get("value", item.get("text", ""))))
    source = item.get("source", "")
    if not source and "image_url" in item:
        address = item["image_url"]
        source = address.get("url", "") if isinstance(address, Mapping) else address
    media = item.get("mediaType", item.get("media_type")) or ""
    if kind in ("image", "image_url"):
        return Part("image", str(source), str(media))
    if kind in ("file", "audio"):
        return Part(str(kind), str(source), str(media))
    return Part("text", str(dict(item)))
