"""The walk over data that finds what a schema forbids: plain data in, issues with paths out, no spans.

The walk itself chooses what applies (see ``navigate``) and judges keys; single values are judged by jsonschema's
Draft 2020-12 validator, so that the words of the standard mean what the standard says.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from promptls.schema import words
from promptls.schema.navigate import Schema, View, is_reference, json_type, notes_of, types_of
from promptls.syntax.yaml_tree import Path

_NUMBERS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf")
_LENGTHS = ("minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties")
_LEAF = frozenset(("const", "enum", "pattern", "uniqueItems", *_NUMBERS, *_LENGTHS))
_DEEPEST = 60
_NESTED = 16
_VISITS = 120_000
_TRUE_11 = frozenset({"y", "yes", "on"})
_FALSE_11 = frozenset({"n", "no", "off"})


@dataclass(frozen=True, slots=True)
class Issue:
    """A violation before it has a span. ``at_key``: the key is to be underlined, not the value."""

    kind: Any
    path: Path
    message: str
    severity: Any = None
    data: Mapping[str, Any] = field(default_factory=dict)
    at_key: bool = False


class Walk:
    """One validation: it counts its steps, so that no document takes it long."""

    __slots__ = ("_checks", "_left", "_view")

    def __init__(self, view: View) -> None:
        self._view = view
        self._left = _VISITS
        self._checks: dict[int, Any] = {}

    def issues(self, data: Any) -> Iterator[Issue]:
        yield from self._value(self._view.root, data, ())

    # Values

    def _value(self, schema: Schema, value: Any, path: Path) -> Iterator[Issue]:
        self._left -= 1
        if self._left < 0 or len(path) > _DEEPEST or is_reference(value):
            return
        flat, mistyped = self._choose(schema, value, path)
        if mistyped:
            yield mistyped
            return
        for part in flat:
            yield from self._leaf(part, value, path)
        if isinstance(value, Mapping):
            yield from self._map(flat, value, path)
        elif isinstance(value, list):
            for index, item in enumerate(value):
                children = self._view.children(flat, index)
                if not children:
                    break
                yield from self._value(self._view.join(children), item, (*path, index))

    def _choose(
        self, schema: Schema, value: Any, path: Path, outer: tuple[Schema, ...] = ()
    ) -> tuple[list[Schema], Issue | None]:
        """What applies, with one branch chosen of every oneOf and anyOf; or the issue that the type is wrong."""
        schema = self._view.resolve(schema)
        around = (schema, *outer)
        if (types := types_of(schema)) and not self._view.takes_type(schema, value):
            return [], self._mistyped(around, types, value, path)
        flat = [schema]
        if len(around) > _NESTED:
            return flat, None
        parts = [*schema.get("allOf", ())]
        if (part := self._view.consequence(schema, value)) is not None:
            parts.append(part)
        for word in ("anyOf", "oneOf"):
            if branches := schema.get(word):
                chosen = self._branch(branches, value, path)
                if chosen is None:
                    return [], self._mistyped(around, self._view.types(schema), value, path)
                parts.append(chosen)
        for part in parts:
            more, mistyped = self._choose(part, value, path, around)
            if mistyped:
                return [], mistyped
            flat += more
        return flat, None

    def _branch(self, branches: Sequence[Schema], value: Any, path: Path) -> Schema | None:
        """The branch that was meant: of those that discriminators leave, the first without an issue, else the
        one with the fewest. None where the value's type fits none."""
        if value is None:
            return next((branch for branch in branches if self._view.takes_type(branch, None)), None)
        candidates = self._view.narrow(branches, value)
        if len(candidates) < 2:
            return candidates[0] if candidates else None
        for branch in map(self._view.resolve, candidates):
            known = branch.get("enum", ())
            if isinstance(value, str) and known and (value in known or _meant(value, known, branch)):
                return branch  # `openia` fits "any string" as well, but `openai` was meant
        found = [(sum(1 for _ in self._value(branch, value, path)), branch) for branch in candidates]
        return min(found, key=lambda one: one[0])[1]

    def _mistyped(self, schemas: Sequence[Schema], types: Sequence[str], value: Any, path: Path) -> Issue | None:
        own = self._said("wrong-type", schemas)
        severity = self._severity("wrong-type", schemas, value)
        name = _name(path)
        if value is None:
            # To a loader an empty scalar is a key that is not set; only where it refuses that is it wrong.
            if severity != "error":
                return None
            message = own or f"{name} is empty: give it {words.expected(types)}, or remove the key"
            data = {"expected": list(types), "empty": True}
            return Issue("wrong-type", path, message, severity, data, at_key=True)
        message = own or f"{name} must be {words.expected(types)}, not {words.shown(value)}"
        return Issue("wrong-type", path, message, severity, {"expected": list(types)})

    def _leaf(self, schema: Schema, value: Any, path: Path) -> Iterator[Issue]:
        if value is None or not _LEAF & schema.keys():
            return
        for error in self._check(schema).iter_errors(value):
            yield self._invalid(error.validator, schema, value, path)

    def _check(self, schema: Schema) -> Any:
        found = self._checks.get(id(schema))
        if found is None:
            from jsonschema import Draft202012Validator  # 130 ms to import: only when something is to be judged

            found = Draft202012Validator({word: schema[word] for word in _LEAF & schema.keys()})
            self._checks[id(schema)] = found
        return found

    def _invalid(self, word: str, schema: Schema, value: Any, path: Path) -> Issue:
        name = _name(path)
        severity = self._severity("invalid-value", [schema], value)
        data: dict[str, Any] = {}
        rule = schema[word]
        if word in ("enum", "const"):
            known = [rule] if word == "const" else list(rule)
            data["expected"] = known
            message = f"{name} must be {words.one_of(known)}, not {words.shown(value)}"
            if suggestion := _meant(value, known, schema):
                data["suggestion"] = suggestion
                message = f"{name} must be {words.one_of(known)}; did you mean `{suggestion}`?"
                if notes_of(schema).get("open"):
                    message = f"{name}: `{words.short(value)}` is not known; did you mean `{suggestion}`?"
        else:
            message = f"{name} {_LIMITS[word](rule)}" + (f", not {words.shown(value)}" if word in _COMPARED else "")
        return Issue("invalid-value", path, self._said("invalid-value", [schema]) or message, severity, data)

    # Keys

    def _map(self, flat: Sequence[Schema], value: Mapping[Any, Any], path: Path) -> Iterator[Issue]:
        properties = dict(self._view.properties(flat))
        missing = {key: None for schema in flat for key in schema.get("required", ()) if key not in value}
        for written, item in value.items():
            key = str(written)
            here = (*path, key)
            if issue := self._judge(key, properties, flat, value, here):
                # `nmae` for `name`: one mistake, one issue, as grave as the missing key.
                meant: Any = issue.data.get("suggestion") or issue.data.get("replacedBy")
                if meant in missing:
                    del missing[meant]
                    issue = replace(issue, severity=_graver(issue.severity, self._missing(meant, flat, path).severity))
                yield issue
            elif key in properties:
                yield from self._value(properties[key], item, here)
            elif children := self._view.children(flat, key):
                yield from self._value(self._view.join(children), item, here)
        for key in missing:
            yield self._missing(key, flat, path)

    def _judge(
        self, key: str, properties: Mapping[str, Schema], flat: Sequence[Schema], value: Mapping[Any, Any], path: Path
    ) -> Issue | None:
        """The issue that the key itself is, whatever its value."""
        if key in properties:
            return self._discouraged(key, properties[key], path)
        if self._view.children(flat, key):
            return None
        return self._unknown(key, properties, flat, value, path)

    def _discouraged(self, key: str, schema: Schema, path: Path) -> Issue | None:
        """The issue that the key itself is: deprecated, dropped by the loader, or refused by it."""
        parts = self._view.applicable(schema)
        notes: dict[str, Any] = {}
        for part in parts:
            notes |= notes_of(part)
        deprecated = any(part.get("deprecated") for part in parts)
        kind = (
            "unknown-key" if "refusedBy" in notes
            else "deprecated-key" if deprecated
            else "ignored-key" if "ignoredBy" in notes
            else None
        )  # fmt: skip
        if kind is None:
            return None
        told = ("replacedBy", "ignoredBy", "refusedBy", "of")
        data: dict[str, Any] = {word: notes[word] for word in told if word in notes}
        message = self._said(kind, parts) or _why(key, kind, data)
        return Issue(kind, path, message, self._severity(kind, parts), {"key": key, **data}, at_key=True)

    def _unknown(
        self, key: str, properties: Mapping[str, Schema], flat: Sequence[Schema], value: Mapping[Any, Any], path: Path
    ) -> Issue | None:
        """A key that no schema names. Silent where any name may stand, and where the loader drops it and it is
        near no known one."""
        rules = [schema["additionalProperties"] for schema in flat if "additionalProperties" in schema]
        closed = False in rules
        if True in rules or not (properties or closed):
            return None
        known = [name for name, schema in properties.items() if not self._hidden(schema)]
        suggestion = words.nearest(key, known, but_not=(str(name) for name in value))
        if not suggestion and not closed:
            return None
        message = f"`{words.short(key)}` is not a key of {self._container(path[:-1], flat)}"
        data: dict[str, Any] = {"key": key, "known": known}
        if suggestion:
            data["suggestion"] = suggestion
            message = f"{message}; did you mean `{suggestion}`?"
        elif said := self._said("unknown-key", flat):
            message = f"{message}; {said}"
        return Issue("unknown-key", path, message, self._severity("unknown-key", flat), data, at_key=True)

    def _hidden(self, schema: Schema) -> bool:
        return any(is_discouraged(part) for part in self._view.applicable(schema))

    def _missing(self, key: str, flat: Sequence[Schema], path: Path) -> Issue:
        schema = dict(self._view.properties(flat)).get(key, {})
        parts = [*reversed(self._view.applicable(schema)), *reversed(flat)]
        message = f"{self._container(path, flat)} needs `{key}`"
        if said := self._said("missing-key", parts):
            message = f"{message}; {said}"
        data: dict[str, Any] = {"key": key}
        for part in parts[: len(parts) - len(flat)]:
            for word in ("default", "const"):
                if word in part:
                    data.setdefault("value", part[word])
        return Issue("missing-key", path, message, self._severity("missing-key", parts), data)

    # Words and weights

    def _container(self, path: Path, flat: Sequence[Schema]) -> str:
        if path and isinstance(path[-1], str):
            return f"`{words.short(path[-1])}`"
        titles: list[str] = [schema["title"] for schema in flat if "title" in schema]
        return titles[-1] if titles else "this map"

    def _severity(self, kind: str, schemas: Sequence[Schema], value: Any = None) -> Any:
        """What the first schema that speaks of such a case says; it may tell apart values by their JSON type."""
        for schema in schemas:
            severity = notes_of(schema).get("severity", {}).get(kind)
            if isinstance(severity, Mapping):
                severity = severity.get(json_type(value), severity.get("*"))
            if severity:
                return severity
        return notes_of(self._view.root).get("defaults", {}).get(kind)

    def _said(self, kind: str, schemas: Sequence[Schema]) -> str:
        """The sentence that the schema itself has for such a case."""
        for schema in schemas:
            if sentence := notes_of(schema).get("message", {}).get(kind):
                return str(sentence)
        return ""

    def sharpen(self, issue: Issue, plain: str | None) -> Issue:
        """The helpful word on an unquoted ``yes``, which YAML 1.1 loaders take for true and YAML 1.2 for a string."""
        if issue.kind != "wrong-type" or plain is None or "boolean" not in issue.data.get("expected", ()):
            return issue
        word = plain.lower()
        if word not in _TRUE_11 | _FALSE_11:
            return issue
        meant = "true" if word in _TRUE_11 else "false"
        loader = notes_of(self._view.root).get("yaml11")
        message = f"{_name(issue.path)}: YAML 1.2 reads `{plain}` as a string; write `{meant}`"
        data = {**issue.data, "value": meant == "true", "suggestion": meant}
        # A loader of YAML 1.1 understands what was meant: only other readers of the file do not.
        return replace(issue, message=message, data=data, severity="information" if loader else issue.severity)


_WEIGHTS = (None, "hint", "information", "warning", "error")


def _graver(one: Any, other: Any) -> Any:
    return max(one, other, key=_WEIGHTS.index)


def is_discouraged(schema: Schema) -> bool:
    """Whether a key should no longer be written: deprecated, dropped or refused by the loader."""
    notes = notes_of(schema)
    return bool(schema.get("deprecated")) or "ignoredBy" in notes or "refusedBy" in notes


def _why(key: str, kind: str, data: Mapping[str, Any]) -> str:
    instead = f"write `{data['replacedBy']}`" if data.get("replacedBy") else ""
    loser = f"{data['ignoredBy']} ignores `{key}`" if data.get("ignoredBy") else ""
    if kind == "unknown-key":
        return f"{data['refusedBy']} refuses the file because of `{key}`" + (f"; {instead}" if instead else "")
    if kind == "ignored-key":
        return loser + (f"; {instead}" if instead else "")
    old = f"`{key}` is an old key" + (f" that {data['ignoredBy']} ignores" if data.get("ignoredBy") else "")
    return old + (f"; {instead}" if instead else "")


def _name(path: Path) -> str:
    last = path[-1] if path else ""
    if isinstance(last, int):
        return f"item {last + 1}" + (f" of `{words.short(str(path[-2]))}`" if len(path) > 1 else "")
    return f"`{words.short(last)}`" if last else "the header"


def _meant(value: Any, known: Sequence[Any], schema: Schema) -> str | None:
    if not isinstance(value, str):
        return None
    names = [name for name in known if isinstance(name, str)]
    synonyms: Mapping[str, str] = notes_of(schema).get("synonyms", {})
    return synonyms.get(value) or synonyms.get(value.lower()) or words.nearest(value, names)


_COMPARED = frozenset((*_NUMBERS, "pattern"))
_LIMITS: Mapping[str, Callable[[Any], str]] = {
    "minimum": "must be at least {}".format,
    "maximum": "must be at most {}".format,
    "exclusiveMinimum": "must be more than {}".format,
    "exclusiveMaximum": "must be less than {}".format,
    "multipleOf": "must be a multiple of {}".format,
    "minLength": lambda rule: "must not be empty" if rule == 1 else f"needs at least {rule} characters",
    "maxLength": "must have at most {} characters".format,
    "pattern": "must look like `{}`".format,
    "minItems": lambda rule: "needs at least one item" if rule == 1 else f"needs at least {rule} items",
    "maxItems": "must have at most {} items".format,
    "uniqueItems": lambda _: "has the same item twice",
    "minProperties": lambda rule: "must not be empty" if rule == 1 else f"needs at least {rule} keys",
    "maxProperties": "must have at most {} keys".format,
}
