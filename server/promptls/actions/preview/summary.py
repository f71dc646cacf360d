"""The few words about a preview that every way of showing it says alike."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from promptls.actions.preview.model import Piece, Preview, placeholder

ESTIMATE = "~ estimated by promptls from the kinds of characters; the model counts with its own tokenizer"
_LONGEST_LINK = 120


def share(preview: Preview) -> str:
    """``1.2 % of 128,000``; empty where the window is unknown."""
    part = preview.share
    if part is None or preview.window is None:
        return ""
    shown = f"{part:.1%}" if part >= 0.001 else "under 0.1%"
    return f"{shown.replace('%', ' %')} of {preview.window:,}"


def holes(preview: Preview) -> Iterator[str]:
    """A sentence for each kind of hole, with names in backticks."""
    refused = [f"`{name}`" for name in preview.refused]
    empty = [f"`{name}`" for name in preview.holes if name not in preview.refused]
    if refused:
        looks = placeholder(preview.refused[0])
        has = "has" if len(refused) == 1 else "have"
        yield f"{', '.join(refused)} {has} no value: a placeholder such as {looks} stands in. A run would stop here"
    if empty:
        has = "has" if len(empty) == 1 else "have"
        looks = placeholder(empty[0].strip("`"))
        yield f"{', '.join(empty)} {has} no value: shown as {looks}. A run renders nothing there"


STALE = "The file does not render right now. Below are the messages of the last version that did."


def address(value: str) -> str:
    """A URL for people: the content of a ``data:`` URL is told by its size."""
    if len(value) <= _LONGEST_LINK:
        return value
    return f"{value[:60]}… ({len(value):,} characters)"


def count(preview: Preview) -> str:
    """``3 messages · ~120 tokens · 0.1 % of 128,000``."""
    number = len(preview.messages)
    pieces = [f"{number} message{'' if number == 1 else 's'}", f"{preview.tokens} tokens", share(preview)]
    return " · ".join(piece for piece in pieces if piece)


def as_text(pieces: Iterable[Piece]) -> str:
    """What a message shows, as plain text; what is no text stands on a line of its own."""
    return "".join(
        (piece.text or placeholder(piece.name))
        if piece.kind in ("text", "value", "hole")
        else f"\n({piece.kind}: {address(piece.text)})\n"
        for piece in pieces
    )
