"""Brackets in YAML: how deep they are, and where a cursor in them stands, also when they are never closed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from promptls.syntax.yaml_tree import Path
from promptls.text import Span

_MAX_DEPTH = 100
_MAX_AHEAD = 20_000


class FlowCursor(NamedTuple):
    """``path`` is relative to the outermost bracket: of the mapping for a key, of the value itself otherwise."""

    path: Path
    is_key: bool
    key: str | None
    word: Span
    siblings: tuple[str, ...]
    quote: str


@dataclass(slots=True)
class _Frame:
    """An open bracket. ``key``: the key whose value is being read; ``named``: the keys so far."""

    is_list: bool
    path: Path
    index: int = 0
    key: str | None = None
    named: list[str] = field(default_factory=list)

    @property
    def step(self) -> str | int:
        return self.index if self.is_list else self.key or ""


def flow_depth(source: str, span: Span) -> int:
    """How many more brackets are opened than closed; a quote that the span does not close hides the rest."""
    depth = 0
    at = span.start
    while at < span.end:
        character = source[at]
        if character in "\"'":
            at = source.find(character, at + 1, span.end)
            if at < 0:
                break
        elif character in "[{":
            depth += 1
        elif character in "]}":
            depth -= 1
        at += 1
    return depth


def flow_cursor(source: str, start: int, at: int) -> FlowCursor:
    """What stands at ``at`` in the brackets that open at ``start``."""
    frames: list[_Frame] = []
    word: int | None = None  # where the word that is being read starts
    quote = ""
    path: Path = ()
    position = start
    while position < at:
        character = source[position]
        if quote:
            if character == "\\" and quote == '"':
                position += 1
            elif character == quote:
                quote = ""
        elif character in "[{":
            if len(frames) < _MAX_DEPTH:
                path = (*frames[-1].path, frames[-1].step) if frames else ()
            frames.append(_Frame(character == "[", path))
            word = None
        elif character in "]}":
            if frames:
                frames.pop()
            word = None
        elif character == "," and frames:
            _next(frames[-1], source, word, position)
            word = None
        elif character == ":" and frames and _is_colon(source, position, word):
            _name(frames[-1], source, word, position)
            word = None
        elif word is None and character not in " \t\r\n":
            word = position
            quote = character if character in "\"'" else ""
        position += 1
    span, quote = _word(source, at if word is None else word, at, quote)
    if not frames:
        return FlowCursor((), False, None, Span(at, at), (), quote)
    frame = frames[-1]
    if frame.is_list or frame.key is not None:
        return FlowCursor((*frame.path, frame.step), False, frame.key, span, (), quote)
    is_key = _keys_ahead(source, at, frame)
    key = _clean(source[span.start : span.end]) if is_key else None
    return FlowCursor(frame.path, True, key, span, tuple(frame.named), quote)


def _is_colon(source: str, at: int, word: int | None) -> bool:
    quoted = word is not None and source[word] in "\"'"
    return quoted or source[at + 1 : at + 2] in ("", " ", "\t", "\r", "\n", ",", "]", "}")


def _name(frame: _Frame, source: str, word: int | None, end: int) -> None:
    if not frame.is_list and frame.key is None:
        frame.key = "" if word is None else _clean(source[word:end])
        frame.named.append(frame.key)


def _next(frame: _Frame, source: str, word: int | None, end: int) -> None:
    if not frame.is_list and frame.key is None and word is not None:
        frame.named.append(_clean(source[word:end]))
    frame.index += 1
    frame.key = None


def _clean(text: str) -> str:
    text = text.strip()
    if text[:1] in ('"', "'"):
        return text[1:-1] if len(text) > 1 and text[-1] == text[0] else text[1:]
    return text


def _word(source: str, word: int, at: int, quote: str) -> tuple[Span, str]:
    """The word around ``at`` that starts at ``word``; inside of its quotes where it has some."""
    if quote:
        close = source.find(quote, at)
        ends = [end for end in (source.find(mark, at) for mark in "\r\n") if end >= 0]
        on_line = close >= 0 and close <= min(ends, default=len(source))
        return Span(word + 1, close if on_line else at), quote
    end = at
    while end < len(source) and source[end] not in ",[]{}\r\n" and not _ends_key(source, end):
        end += 1
    return Span(word, max(at, end - (len(source[at:end]) - len(source[at:end].rstrip())))), ""


def _ends_key(source: str, at: int) -> bool:
    return source[at] == ":" and source[at + 1 : at + 2] in ("", " ", "\t", "\r", "\n")


def _keys_ahead(source: str, at: int, frame: _Frame) -> bool:
    """Note the keys that follow in the same brackets; whether the word at ``at`` has its colon already."""
    end = min(len(source), at + _MAX_AHEAD)
    depth = 0
    word: int | None = at
    here, has_key, is_key = True, False, False
    while at < end:
        character = source[at]
        if character in "[{":
            depth += 1
        elif character in "]}":
            if depth == 0:
                break
            depth -= 1
        elif depth > 0:
            pass
        elif character == ",":
            word, here, has_key = None, False, False
        elif character == ":" and not has_key and _is_colon(source, at, word):
            has_key = True
            if here:
                is_key = True
            elif word is not None:
                frame.named.append(_clean(source[word:at]))
        elif word is None and character not in " \t\r\n":
            word = at
            if character in "\"'":
                close = source.find(character, at + 1, end)
                at = close if close >= 0 else end
        at += 1
    return is_key
