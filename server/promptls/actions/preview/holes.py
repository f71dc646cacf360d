"""Values that nobody gave: what stands in for them, so that the rest can be seen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from promptls import formats
from promptls.actions.preview.model import placeholder
from promptls.formats.base import FormatError, MissingInput
from promptls.prompt.infer import infer_types
from promptls.prompt.model import MISSING, Document, Prompt
from promptls.prompt.types import ANY, ValueType, sharpen
from promptls.syntax.template.names import EACH
from promptls.workspace.snapshot import Snapshot

_DEEPEST = 8
_THREAD = "thread"


def refused(document: Document, prompt: Prompt, values: Mapping[str, Any]) -> tuple[str, ...]:
    """The inputs for whose lack the format's own loader would render nothing at all."""
    try:
        formats.values(document, prompt, values)
    except MissingInput as missing:
        return missing.names
    except FormatError:
        pass
    return ()


def unset(prompt: Prompt, values: Mapping[str, Any]) -> tuple[str, ...]:
    """The names that the template reads without asking whether there is a value, and there is none."""
    if prompt.template is None:
        return ()
    given = {*values, *prompt.ambient, *(item.name for item in prompt.inputs if item.default is not MISSING)}
    names: dict[str, None] = {}
    for use in prompt.template.analysis.uses:
        if use.path and use.path[0] != EACH and not use.guarded and not use.called and not use.builtin:
            names[use.path[0]] = None
    return tuple(name for name in names if name not in given and not name.startswith("@"))


def stand_ins(prompt: Prompt, snapshot: Snapshot, names: tuple[str, ...], *, typed: bool) -> dict[str, Any]:
    """A value to look at for each name, of the shape that it is declared with and that the template works with.

    ``typed``: numbers and booleans are real ones, for a template that calculates with them; they cannot be seen.
    """
    types = snapshot.types(prompt)
    shown = infer_types(prompt.template.analysis) if prompt.template is not None else {}
    return {
        name: _stand_in(name, sharpen(types.get(name, ANY), shown.get(name, ANY)), typed=typed, depth=0)
        for name in names
    }


def _stand_in(name: str, of: ValueType, *, typed: bool, depth: int) -> Any:
    if depth > _DEEPEST:
        return placeholder(name)
    if of.label == _THREAD:
        return [{"role": "user", "content": placeholder(name)}]
    if of.label:
        return placeholder(name)
    if "array" in of.kinds:
        return [_stand_in(f"{name}[0]", of.items or ANY, typed=typed, depth=depth + 1)]
    if "object" in of.kinds and of.properties:
        return {
            key: _stand_in(f"{name}.{key}", each, typed=typed, depth=depth + 1) for key, each in of.properties.items()
        }
    if typed and of.kinds & {"integer", "number"}:
        return 1
    if typed and "boolean" in of.kinds:
        return True
    return {} if of.kinds == {"object"} else placeholder(name)
