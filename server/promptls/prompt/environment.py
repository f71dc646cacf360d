"""Variables of the environment that a file's model names: ``${env:NAME}`` and ``${env:NAME:default}``.

Formats leave them as they are written, for opening a file reads no environment. A run resolves them first. A key's
reference stays one: only ``providers.keys`` reads keys.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import fields, replace
from typing import Any

from promptls.prompt.model import Connection, ModelChoice

DEEPEST = 20
_REFERENCE = re.compile(r"\$\{env:([^:{}]+)(?::([^{}]*))?\}", re.IGNORECASE)


class MissingVariableError(ValueError):
    """A variable has no value, and the file no default for it. The text is a sentence for a person."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"The file reads the environment variable `{name}`, which is not set: set it, or write a default"
        )
        self.name = name


def variables_of(choice: ModelChoice) -> tuple[str, ...]:
    """The names that ``resolved`` would look up, each once."""
    found = (
        name
        for value in (choice.id, *_places(choice.connection), choice.options, choice.extra)
        for name in _names(value)
    )
    return tuple(dict.fromkeys(found))


def resolved(choice: ModelChoice, environment: Mapping[str, str]) -> ModelChoice:
    """The choice with values in the place of references. Raises MissingVariableError.

    A value that is wholly a reference becomes text, as both loaders of Prompty have it; in an option also a number or
    a boolean, where it reads as one.
    """
    connection = choice.connection
    if connection is not None:
        named = {name: _text(getattr(connection, name), environment) for name in _PLACES}
        connection = Connection(**named, key=connection.key, span=connection.span)
    return replace(
        choice,
        id=_text(choice.id, environment),
        options=_value(choice.options, environment, 0),
        extra=_value(choice.extra, environment, 0),
        connection=connection,
    )


_PLACES = tuple(field.name for field in fields(Connection) if field.name not in ("key", "span"))


def _places(connection: Connection | None) -> list[str]:
    return [getattr(connection, name) for name in _PLACES] if connection is not None else []


def _names(value: Any, depth: int = 0) -> Iterator[str]:
    if isinstance(value, str):
        found = _REFERENCE.fullmatch(value)
        if found is not None:
            yield found[1]
    elif depth < DEEPEST and isinstance(value, Mapping | list):
        for each in value.values() if isinstance(value, Mapping) else value:
            yield from _names(each, depth + 1)


def _text(value: str, environment: Mapping[str, str]) -> str:
    found = _REFERENCE.fullmatch(value)
    if found is None:
        return value
    name, default = found[1], found[2]
    if name not in environment and not default:
        raise MissingVariableError(name)
    return environment.get(name, default or "")


def _value(value: Any, environment: Mapping[str, str], depth: int) -> Any:
    if depth >= DEEPEST:
        return value
    if isinstance(value, Mapping):
        return {key: _value(each, environment, depth + 1) for key, each in value.items()}
    if isinstance(value, list):
        return [_value(each, environment, depth + 1) for each in value]
    if not isinstance(value, str) or _REFERENCE.fullmatch(value) is None:
        return value
    text = _text(value, environment)
    try:
        read = json.loads(text)
    except ValueError:
        return text
    return read if isinstance(read, bool | int | float) else text
