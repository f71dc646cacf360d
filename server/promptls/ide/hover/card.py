"""What hover shows."""

from __future__ import annotations

from typing import NamedTuple

from promptls.text import Span


class Card(NamedTuple):
    """``span``: what the card is about, the cursor touches it. ``markdown``: values in it are escaped."""

    span: Span
    markdown: str
