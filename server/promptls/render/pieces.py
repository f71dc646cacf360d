"""Which value each text of a message came from: the marks of a render, followed through the format's own reading."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from promptls.prompt.message import Message, Part
from promptls.render.marks import CLOSE, FIRST_OPEN
from promptls.render.segments import Segment

MOST = 10_000
"""How many values can be marked; the rest is shown as text of the template."""
_ROLE_LIKE = re.compile(r"(?m)^[^\S\n]*(?:#[^\S\n]*)?\w[\w-]{0,40}(?:\[[^\]\n]*\])?[^\S\n]*:[^\S\n]*$")
"""A line that may start a message (``{{ item.role }}:``): with a mark in it, it would not."""


@dataclass(slots=True)
class _Open:
    """The value that the text is in; it may reach from one message into the next."""

    number: int | None = None


def with_marks(segments: Iterable[Segment]) -> str:
    """The rendered text with a private-use mark before and behind every value; empty where the text itself holds such
    characters, or no value is in it."""
    pieces = list(segments)
    text = "".join(piece.text for piece in pieces)
    if text and ord(max(text)) >= FIRST_OPEN:
        return ""
    roles = (match.span() for match in _ROLE_LIKE.finditer(text))
    role = next(roles, None)
    out: list[str] = []
    number = at = 0
    for piece in pieces:
        end = at + len(piece.text)
        while role is not None and role[1] < at:
            role = next(roles, None)
        if piece.kind == "interp":
            if number < MOST and (role is None or role[0] > end):
                out += [chr(FIRST_OPEN + number), piece.text, CLOSE]
            else:
                out.append(piece.text)
            number += 1
        else:
            out.append(piece.text)
        at = end
    return "".join(out) if number else ""


def pieces_of(
    messages: Sequence[Message], marked: Sequence[Message], segments: Iterable[Segment]
) -> tuple[tuple[tuple[Segment, ...], ...], ...]:
    """For each part of each message its segments, which together are the part's text; those of other parts are empty.

    ``marked``: what the format makes of ``with_marks``. Where its messages are not the same but for the marks (a value
    chooses the role, blanks were cut off around it), the text is one literal segment.
    """
    values = [piece for piece in segments if piece.kind == "interp"]
    state = _Open()
    cut = [[list(_cut(part.value, values, state)) for part in message.parts] for message in marked]
    pairs = list(zip(marked, cut, strict=True))
    if len(pairs) != len(messages):
        # A mark makes a message of what would be nothing but blanks.
        pairs = [(message, parts) for message, parts in pairs if any(_text(pieces).strip() for pieces in parts)]
    if [message.role for message, _ in pairs] != [message.role for message in messages]:
        return tuple(tuple(_plain(part) for part in message.parts) for message in messages)
    return tuple(
        tuple(_fitted(part, parts[at]) if at < len(parts) else _plain(part) for at, part in enumerate(message.parts))
        for message, (_, parts) in zip(messages, pairs, strict=True)
    )


def _cut(text: str, values: Sequence[Segment], state: _Open) -> Iterator[Segment]:
    done = 0
    for at, character in enumerate(text):
        if character < chr(FIRST_OPEN):
            continue
        if at > done:
            yield _piece(text[done:at], values, state)
        elif character == CLOSE and state.number is not None and at:
            # A value that is empty is still a place to show.
            yield _piece("", values, state)
        if character == CLOSE:
            state.number = None
        else:
            state.number = ord(character) - FIRST_OPEN
        done = at + 1
    if done < len(text):
        yield _piece(text[done:], values, state)


def _piece(text: str, values: Sequence[Segment], state: _Open) -> Segment:
    if state.number is None or state.number >= len(values):
        return Segment("literal", text)
    return replace(values[state.number], text=text)


def _text(pieces: Iterable[Segment]) -> str:
    return "".join(piece.text for piece in pieces)


def _plain(part: Part) -> tuple[Segment, ...]:
    return (Segment("literal", part.value),) if part.type == "text" and part.value else ()


def _fitted(part: Part, pieces: Sequence[Segment]) -> tuple[Segment, ...]:
    """The pieces without the blanks that the format cut off around the text, where that is all that differs."""
    if part.type != "text":
        return ()
    text = _text(pieces)
    start = text.find(part.value)
    if start < 0 or text[:start].strip() or text[start + len(part.value) :].strip():
        return _plain(part)
    found: list[Segment] = []
    at = 0
    for piece in pieces:
        left, right = max(start - at, 0), min(start + len(part.value) - at, len(piece.text))
        at += len(piece.text)
        if left < right or not piece.text:
            found.append(replace(piece, text=piece.text[left:right]))
    return tuple(found)
