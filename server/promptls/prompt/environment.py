"""Variables of the environment that a file's model names: ``${env:NAME}`` and ``${env:NAME:default}``.

Formats leave them as they are written, for opening a file reads no environment. A run resolves them first. A key's
reference stays one: only ``providers.keys`` reads keys.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from promptls.prompt.model import ModelChoice

DEEPEST = 20
_REFERENCE = re.compile(r"\$\{env:([^:{}]+)(?::([^{}]*))?\}", re.IGNORECASE)


class MissingVariableError(ValueError):
    """A variable has no value, and the file no default for it. The text is a sentence for a person."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name} is not set, and the file reads it: set it, or write a default")
        self.name = name


class UnnamedModelError(ValueError):
    """A model is named by a variable that may hold anything. The text is a sentence for a person."""

    def __init__(self, name: str) -> None:
        super().__init__(f"The file names its model by the variable `{name}`, which is none of a model: write its name")
        self.name = name


def with_model(choice: ModelChoice, environment: Mapping[str, str]) -> ModelChoice:
    """The choice with the model's own name in the place of a variable; the rest as it is written.

    A model's name is shown before anybody is asked and sent to whoever the file names, so only a variable that is
    about models is read (``AZURE_OPENAI_DEPLOYMENT``). Raises UnnamedModelError and MissingVariableError.
    """
    connection = choice.connection
    for name in (*_names(choice.id), *(_names(connection.deployment) if connection is not None else ())):
        if not any(word in name.upper() for word in ("MODEL", "DEPLOYMENT", "ENGINE")):
            raise UnnamedModelError(name)
    deployment = _text(connection.deployment, environment) if connection is not None else ""
    return replace(
        choice,
        id=_text(choice.id, environment),
        connection=replace(connection, deployment=deployment) if connection is not None else None,
    )


def with_settings(choice: ModelChoice, environment: Mapping[str, str]) -> ModelChoice:
    """The choice with values in its options and what else is sent with it. Raises MissingVariableError.

    A value that is wholly a reference becomes text, as both loaders of Prompty have it; a number or a boolean where it
    reads as one. ``sent_variables`` names them first.
    """
    return replace(choice, options=_value(choice.options, environment, 0), extra=_value(choice.extra, environment, 0))


def sent_variables(choice: ModelChoice, environment: Mapping[str, str]) -> tuple[str, ...]:
    """The variables whose values ``with_settings`` puts in, each once; not those whose default is sent."""
    names = (*_names(choice.options), *_names(choice.extra))
    return tuple(name for name in dict.fromkeys(names) if name in environment)


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
