"""Walks a use's path through the types of the inputs, and says where it comes to a step that does not exist."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from promptls.prompt.types import ANY, ValueType
from promptls.syntax.template.names import EACH, Use
from promptls.text import Span

_METHODS: Mapping[str, frozenset[str]] = {
    kind: frozenset(name for name in dir(python) if not name.startswith("_"))
    for kind, python in {"string": str, "array": list, "object": dict, "integer": int, "number": float}.items()
}
"""What a Jinja template may read of a value besides its keys."""


class Stop(NamedTuple):
    """``step`` does not exist on a value of type ``of``. ``owner``: what the template calls that value, in words;
    ``span``: the step in the text."""

    step: str
    of: ValueType
    owner: str
    span: Span


def first_stop(types: Mapping[str, ValueType], use: Use) -> Stop | None:
    """The first written attribute that no value of the known type has; None where all may exist.

    A step that fails inside of a binding (the array that is looped over) is the binding's own use, and reported there.
    """
    if not use.path:
        return None
    of = types.get(use.path[0], ANY)
    inherited = len(use.path) - len(use.names)
    for at, step in enumerate(use.path[1:], 1):
        if of.any or of.label:
            return None
        following = _after(of, step)
        if following is None:
            written = at - inherited
            if written < 1 or written < use.guarded_to:
                return None
            return Stop(step, of, _owner(use, written, use.path[:at]), use.spans[written])
        of = following
    return None


def _owner(use: Use, written: int, path: tuple[str, ...]) -> str:
    """The value as it is written, or where it comes from where the template reads it without a name (``{{title}}``)."""
    if not use.spans[0].empty or written > 1:
        return f"`{'.'.join(use.names[:written])}`"
    named = ".".join(step for step in path if step != EACH)
    return f"an element of `{named}`" if path[-1] == EACH else f"`{named}`"


def _after(of: ValueType, step: str) -> ValueType | None:
    """The type behind a step; None where no kind of value that it may be has it."""
    found: ValueType | None = None
    for kind in of.kinds:
        if step == EACH:
            if kind in ("array", "object", "string"):
                found = (of.items if kind == "array" else None) or ANY
        elif kind == "object" and (step in of.properties or not of.closed):
            found = of.properties.get(step, ANY)
        elif kind == "array" and step.lstrip("-").isdigit():
            found = of.items or ANY
        elif step in _METHODS.get(kind, ()):
            found = ANY
    return found
