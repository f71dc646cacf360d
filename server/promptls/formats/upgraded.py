"""A file rewritten for the current version of its format, and what that version has no place for."""

from __future__ import annotations

from typing import NamedTuple

from promptls.text import Edit, Span


class Lost(NamedTuple):
    """Something that the new version cannot say. ``span``: where the old file says it; ``message``: a sentence.

    ``breaks``: what is sent to the model would change by it, or could not be sent at all.
    """

    span: Span
    message: str
    breaks: bool = False


class Upgrade(NamedTuple):
    """``title``: for an action, without what is lost; ``to``: the version, for people. ``edits`` do not overlap."""

    title: str
    to: str
    edits: tuple[Edit, ...]
    lost: tuple[Lost, ...] = ()

    @property
    def keeps_messages(self) -> bool:
        """Whether it may be made without a look: the messages stay as they are."""
        return not any(each.breaks for each in self.lost)
