"""Which parts of a schema apply to a value: the one walk that validation, completion and hover share.

It follows $ref, allOf, anyOf, oneOf, if/then/else, properties, patternProperties, additionalProperties,
prefixItems and items of JSON Schema 2020-12. Beside a $ref stand annotations only; they win over the target's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any, Final, TypeAlias

from promptls.schema import files
from promptls.syntax.yaml_tree import Path

Schema: TypeAlias = Mapping[str, Any]

UNKNOWN: Final[Any] = object()
"""The value at a place where nothing is written yet: every branch may still apply."""

_REFERENCE = re.compile(r"\s*\$\{(?:env|file):[^{}]*\}\s*", re.IGNORECASE)
_DEEPEST = 16


def is_reference(value: Any) -> bool:
    """Whether the loader replaces the whole value (``${env:KEY}``, ``${file:a.json}``): it may become anything."""
    return isinstance(value, str) and value.lstrip().startswith("${") and _REFERENCE.fullmatch(value) is not None


def notes_of(schema: Schema) -> Mapping[str, Any]:
    """What ``x-promptls`` says: replacedBy, ignoredBy, refusedBy, since, source, severity, …"""
    found: Mapping[str, Any] = schema.get("x-promptls", {})
    return found


def types_of(schema: Schema) -> tuple[str, ...]:
    """The JSON types that the schema itself names, or that its const and enum show."""
    named = schema.get("type")
    if isinstance(named, str):
        return (named,)
    if named:
        return tuple(named)
    shown = [schema["const"]] if "const" in schema else schema.get("enum", ())
    return tuple(dict.fromkeys(json_type(value) for value in shown))


def json_type(value: Any) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return "boolean"
        case int():
            return "integer"
        case float():
            return "integer" if value.is_integer() else "number"
        case str():
            return "string"
        case Mapping():
            return "object"
        case Sequence():
            return "array"
    return "string"


def of_type(value: Any, types: Iterable[str]) -> bool:
    written = json_type(value)
    return any(name == written or (name == "number" and written == "integer") for name in types)


class View:
    """One schema file, ready to be asked. It remembers what it resolved, so that parts keep their identity.

    What is remembered of a part is filed under its ``id``; ``_kept`` holds every such part, so that no id comes twice.
    """

    __slots__ = ("_joined", "_kept", "_named", "_own", "_resolved", "_types", "checks", "root")

    def __init__(self, root: Schema) -> None:
        self.root = root
        self.checks: dict[int, Any] = {}
        """What validation made of parts of the schema, by their identity."""
        self._resolved: dict[int, Schema] = {}
        self._kept: list[Any] = []
        self._own: dict[int, tuple[str, ...]] = {}
        self._types: dict[int, tuple[str, ...]] = {}
        self._joined: dict[tuple[int, ...], Schema] = {}
        self._named: dict[tuple[int, ...], Mapping[str, Schema]] = {}

    def resolve(self, schema: Schema) -> Schema:
        """The schema itself, or what its $ref names, with the annotations that stand beside the $ref."""
        if "$ref" not in schema:
            return schema
        found = self._resolved.get(id(schema))
        if found is None:
            beside = {key: value for key, value in schema.items() if key != "$ref"}
            target = self.resolve(self._target(schema["$ref"]))
            found = {**target, **beside}
            if "x-promptls" in target and "x-promptls" in beside:
                found["x-promptls"] = _merged(target["x-promptls"], beside["x-promptls"])
            self._resolved[id(schema)] = found
            self.keep(schema)
        return found

    def keep(self, *schemas: Schema) -> None:
        """Call it with each part under whose id something is filed."""
        self._kept.extend(schemas)

    def _target(self, reference: str) -> Schema:
        found: Any = self.root
        for step in reference.removeprefix("#").strip("/").split("/"):
            if step:
                found = found[step.replace("~1", "/").replace("~0", "~")]
        target: Schema = found
        return target

    def join(self, schemas: Sequence[Schema]) -> Schema:
        """One schema that says what all of them say."""
        if len(schemas) == 1:
            return schemas[0]
        key = tuple(id(schema) for schema in schemas)
        found = self._joined.get(key)
        if found is None:
            found = self._joined[key] = {"allOf": list(schemas)}
        return found

    def applicable(self, schema: Schema, value: Any = UNKNOWN, *, depth: int = 0) -> list[Schema]:
        """The schema and all it brings in for the value, or may bring in where the value leaves that open.

        The general comes before the special.
        """
        schema = self.resolve(schema)
        found = [schema]
        if depth > _DEEPEST:
            return found
        parts = [*schema.get("allOf", ())]
        for word in ("anyOf", "oneOf"):
            parts += self.narrow(schema.get(word, ()), value)
        parts += self._possible(schema, value)
        for part in parts:
            found += self.applicable(part, value, depth=depth + 1)
        return found

    def required(self, schemas: Iterable[Schema], value: Any) -> set[str]:
        """The keys that a map must have, whatever else is written in it later."""
        found: set[str] = set()
        for schema in map(self.resolve, schemas):
            found.update(schema.get("required", ()))
            parts = [*schema.get("allOf", ())]
            for word in ("anyOf", "oneOf"):
                maps = [part for part in self.narrow(schema.get(word, ()), value) if self.takes_type(part, {})]
                parts += maps if len(maps) == 1 else []
            if _decided(schema.get("if", {}), value):
                parts += self._possible(schema, value)
            found |= self.required(parts, value)
        return found

    def _possible(self, schema: Schema, value: Any) -> list[Schema]:
        """What an ``if`` may bring in: both sides while the keys that decide are not written yet."""
        condition = schema.get("if")
        if condition is None:
            return []
        if _decided(condition, value):
            part = self.consequence(schema, value)
            return [] if part is None else [part]
        return [schema[word] for word in ("then", "else") if word in schema]

    def consequence(self, schema: Schema, value: Any) -> Schema | None:
        """The ``then`` or ``else`` that holds for the value; none where a reference hides what decides."""
        if "if" not in schema or value is UNKNOWN:
            return None
        if isinstance(value, Mapping) and any(is_reference(value.get(key)) for key in schema["if"].get("required", ())):
            return None
        part: Schema | None = schema.get("then" if self.fits(schema["if"], value) else "else")
        return part

    def fits(self, condition: Schema, value: Any) -> bool:
        """Whether the value meets the condition of an ``if``: type, const, enum, required, properties, not, anyOf."""
        condition = self.resolve(condition)
        if (types := self.own_types(condition)) and not of_type(value, types):
            return False
        if "const" in condition and value != condition["const"]:
            return False
        if "enum" in condition and value not in condition["enum"]:
            return False
        if isinstance(value, Mapping):
            if any(name not in value for name in condition.get("required", ())):
                return False
            inner = condition.get("properties", {})
            if not all(self.fits(inner[name], value[name]) for name in inner if name in value):
                return False
        if "not" in condition and self.fits(condition["not"], value):
            return False
        return not condition.get("anyOf") or any(self.fits(part, value) for part in condition["anyOf"])

    def narrow(self, branches: Sequence[Schema], value: Any) -> Sequence[Schema]:
        """The branches of a oneOf or anyOf that the author can have meant.

        Those of the value's type, and of them the ones that its discriminators (const, then enum, on direct
        properties) contradict least.
        """
        if value is UNKNOWN or value is None or is_reference(value):
            return branches
        typed = [branch for branch in branches if self.takes_type(branch, value)]
        if len(typed) < 2 or not isinstance(value, Mapping):
            return typed
        marks = [self._contradictions(branch, value) for branch in typed]
        return [branch for branch, mark in zip(typed, marks, strict=True) if mark == min(marks)]

    def own_types(self, schema: Schema) -> tuple[str, ...]:
        found = self._own.get(id(schema))
        if found is None:
            found = self._own[id(schema)] = types_of(schema)
            self.keep(schema)
        return found

    def takes_type(self, branch: Schema, value: Any) -> bool:
        types = self.types(branch)
        return not types or of_type(value, types)

    def types(self, schema: Schema) -> tuple[str, ...]:
        """The JSON types that the schema takes, through its branches; empty for any."""
        schema = self.resolve(schema)
        found = self._types.get(id(schema))
        if found is None:
            found = self._types[id(schema)] = self._all_types(schema, 0)
            self.keep(schema)
        return found

    def _all_types(self, schema: Schema, depth: int) -> tuple[str, ...]:
        schema = self.resolve(schema)
        if (own := self.own_types(schema)) or depth > _DEEPEST:
            return own
        for part in schema.get("allOf", ()):
            if found := self._all_types(part, depth + 1):
                return found
        branches = [
            self._all_types(branch, depth + 1) for word in ("anyOf", "oneOf") for branch in schema.get(word, ())
        ]
        if not branches or not all(branches):
            return ()
        return tuple(dict.fromkeys(name for branch in branches for name in branch))

    def _contradictions(self, branch: Schema, value: Mapping[Any, Any]) -> tuple[int, int]:
        consts = enums = 0
        for name, schema in self.resolve(branch).get("properties", {}).items():
            written = value.get(name, UNKNOWN)
            if written is UNKNOWN or written is None or is_reference(written):
                continue
            schema = self.resolve(schema)
            consts += "const" in schema and written != schema["const"]
            enums += "enum" in schema and written not in schema["enum"]
        return consts, enums

    def children(self, schemas: Iterable[Schema], step: str | int) -> list[Schema]:
        """The schemas for the value at a key or an index, by those that apply to the container."""
        found: list[Schema] = []
        for schema in schemas:
            if isinstance(step, int):
                first = schema.get("prefixItems", ())
                if step < len(first):
                    found.append(first[step])
                elif isinstance(schema.get("items"), Mapping):
                    found.append(schema["items"])
                continue
            own = schema.get("properties", {}).get(step)
            by_pattern = [part for rule, part in schema.get("patternProperties", {}).items() if re.search(rule, step)]
            if own is not None:
                found.append(own)
            found += by_pattern
            if own is None and not by_pattern and isinstance(schema.get("additionalProperties"), Mapping):
                found.append(schema["additionalProperties"])
        return found

    def at(self, path: Path, data: Any) -> list[Schema]:
        """All that applies at a path of half-written data; the value there does not count, it is being written."""
        schemas = [self.root]
        for number, step in enumerate(path):
            last = number == len(path) - 1
            value = _without(data, step) if last else data
            flat = self.flat(schemas, value)
            schemas = self.children(flat, step)
            data = _child(data, step)
        return schemas

    def flat(self, schemas: Iterable[Schema], value: Any) -> list[Schema]:
        """What applies of several schemas, each once."""
        value = UNKNOWN if value is None else value
        found = (part for schema in schemas for part in self.applicable(schema, value))
        return list({id(part): part for part in found}.values())

    def properties(self, schemas: Sequence[Schema]) -> Mapping[str, Schema]:
        """All keys that the schemas name, in their order, each with the one schema for its value."""
        place = tuple(id(schema) for schema in schemas)
        found = self._named.get(place)
        if found is None:
            together: dict[str, list[Schema]] = {}
            for schema in schemas:
                for name, part in schema.get("properties", {}).items():
                    together.setdefault(name, []).append(part)
            found = self._named[place] = {name: self.join(parts) for name, parts in together.items()}
            self.keep(*schemas)
        return found


def _decided(condition: Schema, value: Any) -> bool:
    """Whether the keys that an ``if`` looks at are written."""
    known = value if isinstance(value, Mapping) else {}
    return all(known.get(key) is not None for key in condition.get("required", ()))


def _merged(below: Mapping[str, Any], above: Mapping[str, Any]) -> Mapping[str, Any]:
    """Annotations over annotations; severities and messages kind by kind."""
    merged = {**below, **above}
    for word in ("severity", "message"):
        if word in below and word in above:
            merged[word] = {**below[word], **above[word]}
    return merged


def _child(data: Any, step: str | int) -> Any:
    if isinstance(data, Mapping):
        return data.get(step, UNKNOWN)
    if isinstance(data, list) and isinstance(step, int) and 0 <= step < len(data):
        return data[step]
    return UNKNOWN


def _without(data: Any, step: str | int) -> Any:
    if isinstance(data, Mapping) and step in data:
        return {key: value for key, value in data.items() if key != step}
    return data


@cache
def view(name: str) -> View:
    """The schema of that name, ready to be asked. Raises LookupError for an unknown name."""
    return View(files.load(name))
