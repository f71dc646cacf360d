"""What is wrong with a key itself: unknown, old, dropped or refused by the loader, or missing."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from functools import cache
from typing import Any

from promptls.schema import words
from promptls.schema.issue import Issue, Kind, container_of, said, severity_of
from promptls.schema.navigate import Schema, View, notes_of
from promptls.syntax.yaml_tree import Path

_TOLD = ("replacedBy", "ignoredBy", "refusedBy", "of")


class Keys:
    """What one schema says of keys. It depends on no document, so it is asked and remembered once."""

    __slots__ = ("_issues", "_offered", "_view")

    def __init__(self, view: View) -> None:
        self._view = view
        self._issues: dict[tuple[str, int], Issue | None] = {}
        self._offered: dict[tuple[int, ...], tuple[str, ...]] = {}

    def discouraged(self, key: str, schema: Schema) -> Issue | None:
        """The issue, still without a path, that a known key is by being written at all."""
        place = (key, id(schema))
        if place not in self._issues:
            self._issues[place] = self._discouraged(key, schema)
            self._view.keep(schema)
        return self._issues[place]

    def _discouraged(self, key: str, schema: Schema) -> Issue | None:
        parts = self._view.applicable(schema)
        kind = _kind(parts)
        if kind is None:
            return None
        notes: dict[str, Any] = {}
        for part in parts:
            notes |= notes_of(part)
        data = {"key": key, **{word: notes[word] for word in _TOLD if word in notes}}
        message = said(kind, parts) or _why(key, kind, data)
        return Issue(kind, (), message, severity_of(self._view, kind, parts), data, at_key=True)

    def unknown(self, key: str, flat: Sequence[Schema], taken: Container[str], path: Path) -> Issue | None:
        """A key that no schema names. Silent where any name may stand, and where the loader drops it and it is near
        no known one, or one of another kind of such a map. A name that is ``taken``, in the map already, was not
        meant."""
        rules = [schema["additionalProperties"] for schema in flat if "additionalProperties" in schema]
        closed = False in rules
        known = self.offered(flat)
        if True in rules or not (known or closed):
            return None
        suggestion = words.nearest(key, known)
        if suggestion and suggestion in taken:
            suggestion = None
        if not closed and (not suggestion or key in self._elsewhere(flat)):
            return None
        message = f"`{words.short(key)}` is not a key of {container_of(path[:-1], flat)}"
        data: dict[str, Any] = {"key": key, "known": known}
        if suggestion:
            data["suggestion"] = suggestion
            message = f"{message}; did you mean `{suggestion}`?"
        elif sentence := said("unknown-key", flat):
            message = f"{message}; {sentence}"
        return Issue("unknown-key", path, message, severity_of(self._view, "unknown-key", flat), data, at_key=True)

    def offered(self, flat: Sequence[Schema]) -> tuple[str, ...]:
        """The keys that one should write, in the schema's order."""
        place = tuple(id(schema) for schema in flat)
        if place not in self._offered:
            named = self._view.properties(flat).items()
            self._offered[place] = tuple(name for name, schema in named if self.discouraged(name, schema) is None)
            self._view.keep(*flat)
        return self._offered[place]

    def _elsewhere(self, flat: Sequence[Schema]) -> frozenset[str]:
        """The keys that the map may have when what decides about them changes."""
        every = self._view.flat(flat, None)
        return frozenset(self._view.properties(every))

    def missing(self, key: str, flat: Sequence[Schema], path: Path) -> Issue:
        schema = self._view.properties(flat).get(key, {})
        own = self._view.applicable(schema)[::-1]
        message = f"{container_of(path, flat)} needs `{key}`"
        if sentence := said("missing-key", own):
            message = f"{message}; {sentence}"
        data: dict[str, Any] = {"key": key}
        for word in ("const", "default"):
            for part in own:
                if word in part:
                    data.setdefault("value", part[word])
        return Issue("missing-key", path, message, severity_of(self._view, "missing-key", own), data)


@cache
def keys_of(view: View) -> Keys:
    return Keys(view)


def is_discouraged(schema: Schema) -> bool:
    """Whether a key should no longer be written: deprecated, dropped or refused by the loader."""
    return _kind([schema]) is not None


def _kind(parts: Sequence[Schema]) -> Kind | None:
    notes = {word for part in parts for word in notes_of(part)}
    if "refusedBy" in notes:
        return "unknown-key"
    if any(part.get("deprecated") for part in parts):
        return "deprecated-key"
    return "ignored-key" if "ignoredBy" in notes else None


def _why(key: str, kind: Kind, data: Mapping[str, Any]) -> str:
    instead = f"; write `{data['replacedBy']}`" if data.get("replacedBy") else ""
    if kind == "unknown-key":
        return f"{data['refusedBy']} refuses the file because of `{key}`{instead}"
    if kind == "ignored-key":
        return f"{data['ignoredBy']} ignores `{key}`{instead}"
    return f"`{key}` is an old key" + (f" that {data['ignoredBy']} ignores" if data.get("ignoredBy") else "") + instead
