"""What a person asked for cannot be done, and why."""

from __future__ import annotations


class ActionError(Exception):
    """The message is one sentence for a person. ``usage``: the request itself was wrong (exit code 2)."""

    def __init__(self, message: str, *, usage: bool = False) -> None:
        super().__init__(message)
        self.usage = usage
