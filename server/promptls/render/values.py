"""Values of inputs as plain data that crosses to the child: bounded, and of JSON's types only."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

MOST_VALUES = 100_000
MOST_CHARACTERS = 8 << 20
DEEPEST = 200


class TooLargeError(Exception):
    """The values are too many, too long or too deep; the message says which."""


def plain(values: Mapping[str, Any]) -> dict[str, Any]:
    """A copy of ``values`` made of dicts, lists, strings, numbers, booleans and None.

    An alias that is used many times is counted each time, so a small file cannot become endless data.
    Raises TooLargeError.
    """
    return {str(name): value for name, value in _Copy().copy(values, 0).items()}


class _Copy:
    def __init__(self) -> None:
        self.values = 0
        self.characters = 0

    def copy(self, value: Any, depth: int) -> Any:
        self.values += 1
        if self.values > MOST_VALUES:
            raise TooLargeError(f"the inputs hold more than {MOST_VALUES:,} values")
        if depth > DEEPEST:
            raise TooLargeError(f"the inputs are nested more than {DEEPEST} levels deep")
        match value:
            case None | bool() | int() | float():
                return value
            case str():
                return self._text(value)
            case Mapping():
                return {self._key(key): self.copy(item, depth + 1) for key, item in value.items()}
            case list() | tuple() | set() | frozenset():
                return [self.copy(item, depth + 1) for item in value]
        return self._text(str(value))

    def _key(self, key: Any) -> Any:
        return key if key is None or isinstance(key, bool | int | float) else self._text(str(key))

    def _text(self, text: str) -> str:
        self.characters += len(text)
        if self.characters > MOST_CHARACTERS:
            raise TooLargeError(f"the inputs hold more than {MOST_CHARACTERS:,} characters")
        return text
