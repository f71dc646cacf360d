"""Values for a prompt's inputs, as a person gives them: a sample, a file, single settings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from promptls.actions.error import ActionError
from promptls.prompt.model import Input, Prompt
from promptls.prompt.types import type_of
from promptls.rules.near import did_you_mean, nearest
from promptls.syntax.yaml import parse_yaml, to_data
from promptls.text import Text


def sample_values(prompt: Prompt, number: int | None) -> Mapping[str, Any]:
    """The values of a sample, counted from 1; without a number those of the first, or none.

    Raises ActionError where there is no such sample.
    """
    if number is None:
        return prompt.samples[0].values if prompt.samples else {}
    if 1 <= number <= len(prompt.samples):
        return prompt.samples[number - 1].values
    if not prompt.samples:
        raise ActionError(f"there is no sample {number}: `{prompt.name}` has none", usage=True)
    listed = ", ".join(f"{at} ({sample.title})" for at, sample in enumerate(prompt.samples, 1))
    there = "there are" if len(prompt.samples) > 1 else "there is only"
    raise ActionError(f"there is no sample {number}; {there} {listed}", usage=True)


def values_in(text: str, name: str) -> dict[str, Any]:
    """The values that a YAML or JSON text holds, by input. ``name`` is the file's. Raises ActionError."""
    tree = parse_yaml(text)
    broken = next((problem for problem in tree.problems if problem.code == "yaml-syntax"), None)
    if broken:
        line, column = Text(text).place(broken.span.start)
        raise ActionError(f"{name}:{line + 1}:{column + 1}: {broken.message}")
    data = to_data(tree)
    if data is None:
        return {}
    if not isinstance(data, dict):
        raise ActionError(f"{name} holds no values by name: write `name: value` for each input")
    return {str(key): value for key, value in data.items()}


def settings(prompt: Prompt, written: Iterable[str]) -> dict[str, Any]:
    """The values of ``name=value`` settings, each of the type that its input declares. Raises ActionError."""
    values: dict[str, Any] = {}
    for setting in written:
        name, equals, value = setting.partition("=")
        name = name.strip()
        if not equals or not name:
            raise ActionError(f"`{setting}` sets nothing: write name=value", usage=True)
        require_input(prompt, name)
        values[name] = _typed(prompt.input(name), name, value)
    return values


def require_input(prompt: Prompt, name: str) -> None:
    """Raises ActionError for a name that a prompt which declares its inputs does not declare."""
    known = prompt.input(name) is not None or name in prompt.ambient
    if not known and prompt.declares and prompt.complete:
        raise ActionError(_unknown(prompt, name), usage=True)


def _unknown(prompt: Prompt, name: str) -> str:
    names = [item.name for item in prompt.inputs]
    hint = did_you_mean(nearest(name, names))
    if not hint and names:
        hint = f"; there are {', '.join(f'`{known}`' for known in names)}"
    return f"`{prompt.name}` has no input `{name}`{hint}"


def _typed(item: Input | None, name: str, value: str) -> Any:
    """What is written, as YAML reads it where the input may be something else than a string."""
    wanted = item.type if item else None
    if wanted is not None and wanted.kinds == {"string"}:
        return value
    tree = parse_yaml(value)
    data = None if any(problem.code == "yaml-syntax" for problem in tree.problems) else to_data(tree)
    if wanted is None or wanted.any:
        return value if isinstance(data, str) or (data is None and value not in ("null", "~")) else data
    fits = type_of(data).kinds & (wanted.kinds | ({"integer"} if "number" in wanted.kinds else set()))
    if data is not None and fits:
        return data
    if "string" in wanted.kinds:
        return value
    raise ActionError(f"`{name}` is {wanted}, and {value!r} is none", usage=True)
