"""What a dialect says about a place inside of one of its tags."""

from __future__ import annotations

from typing import NamedTuple

from promptls.text import Span


class Place(NamedTuple):
    """As ``TemplateCursor``, without what only the tree knows."""

    where: str
    prefix: str
    replace: Span
    object_path: tuple[str, ...] = ()
    statement: str = ""
