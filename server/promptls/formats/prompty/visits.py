"""The mappings that prompty 2.1.0 visits when it loads a file, as data (``model/_Agent.py`` and below).

Only there does it resolve ``${env:}`` and ``${file:}``; what is not listed is kept as it was written.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

NOTHING: Final[Mapping[str, str]] = {}


class Visit(NamedTuple):
    """``one``: keys that hold one further mapping, and its name in ``VISITS``; ``many``: a list or a map of them.

    ``shorthand``: the key that a scalar in the place of the mapping stands for. ``keys``: all that the loader
    keeps, where it drops the others; ``needs``: what it refuses to be without.
    """

    one: Mapping[str, str] = NOTHING
    many: Mapping[str, str] = NOTHING
    shorthand: str = ""
    keys: tuple[str, ...] | None = None
    needs: tuple[str, ...] = ()


VISITS: Final[Mapping[str, Visit]] = {
    "root": Visit(
        one={"model": "model", "template": "template"},
        many={"inputs": "property", "outputs": "property", "tools": "tool"},
        keys=(
            *("name", "displayName", "description", "metadata", "inputs", "outputs"),
            *("model", "tools", "template", "instructions"),
        ),
    ),
    "model": Visit(
        one={"connection": "connection", "options": "options"},
        shorthand="id",
        keys=("id", "provider", "apiType", "connection", "options"),
    ),
    "connection": Visit(needs=("kind",)),
    "options": Visit(
        keys=(
            *("frequencyPenalty", "maxOutputTokens", "presencePenalty", "reasoningEffort", "seed", "temperature"),
            *("topK", "topP", "stopSequences", "allowMultipleToolCalls", "additionalProperties"),
        )
    ),
    "template": Visit(
        one={"format": "engine", "parser": "engine"}, keys=("format", "parser"), needs=("format", "parser")
    ),
    "engine": Visit(shorthand="kind", keys=("kind", "strict", "options")),
    "property": Visit(
        one={"items": "property"},
        many={"properties": "property", "oneOf": "property", "anyOf": "property"},
        shorthand="example",
        needs=("kind",),
    ),
    "tool": Visit(
        one={"connection": "connection", "approvalMode": "approval"},
        many={"bindings": "binding", "parameters": "property"},
        shorthand="kind",
    ),
    "approval": Visit(shorthand="kind"),
    "binding": Visit(shorthand="input"),
}
