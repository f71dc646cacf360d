"""The walk over data that finds what a schema forbids: plain data in, issues with paths out, no spans.

The walk itself chooses what applies (see ``navigate``) and judges keys (see ``keys``); single values are judged by
jsonschema's Draft 2020-12 validator, so that the words of the standard mean what the standard says. Only what fits
beyond any doubt is not put before it: it takes as long to import as all the rest of a first check.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from promptls.schema import words
from promptls.schema.issue import Issue, Kind, graver, meant, name_of, said, severity_of
from promptls.schema.keys import keys_of
from promptls.schema.navigate import Schema, View, is_reference, notes_of
from promptls.syntax.yaml_tree import Path

_NUMBERS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf")
_LENGTHS = ("minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties")
_LEAF = frozenset(("const", "enum", "pattern", "uniqueItems", *_NUMBERS, *_LENGTHS))
_DEEPEST = 60
_NESTED = 16
_VISITS = 120_000
_GUESSES = 2_000

BOOLEANS_11 = {"yes": "true", "on": "true", "no": "false", "off": "false"}
"""What a loader of YAML 1.1 (PyYAML) makes of these words where they are not quoted; YAML 1.2 reads text."""


class Walk:
    """One validation. It counts its steps, so that no document takes it long."""

    __slots__ = ("_guesses", "_keys", "_misread", "_view", "_visits")

    def __init__(self, view: View) -> None:
        self._view = view
        self._keys = keys_of(view)
        self._misread = "yaml11" in notes_of(view.root)
        self._visits = _VISITS
        self._guesses = _GUESSES

    def issues(self, data: Any) -> Iterator[Issue]:
        """All that does not fit, depth first, as long as the caller asks."""
        yield from self._value(self._view.root, data, ())

    def _value(self, schema: Schema, value: Any, path: Path) -> Iterator[Issue]:
        self._visits -= 1
        if self._visits < 0 or len(path) > _DEEPEST or is_reference(value):
            return
        flat, mistyped = self._choose(schema, value, path, ())
        if mistyped:
            yield mistyped
        if isinstance(value, str) and self._misread and value.lower() in BOOLEANS_11:
            yield from self._text_or_boolean(flat, value, path)
        for part in flat:
            if value is not None and not _LEAF.isdisjoint(part) and not _fits(part, value):
                for error in leaf_check(self._view, part).iter_errors(value):
                    yield self._invalid(error.validator, part, value, path)
        if isinstance(value, dict):
            yield from self._map(flat, value, path)
        elif isinstance(value, list):
            for index, item in enumerate(value):
                children = self._view.children(flat, index)
                if not children or self._visits < 0:
                    break
                yield from self._value(self._view.join(children), item, (*path, index))

    def _choose(
        self, schema: Schema, value: Any, path: Path, outer: tuple[Schema, ...]
    ) -> tuple[list[Schema], Issue | None]:
        """What applies, with one branch chosen of every oneOf and anyOf; or the issue that the type is wrong."""
        schema = self._view.resolve(schema)
        around = (schema, *outer)
        if (types := self._view.own_types(schema)) and not self._view.takes_type(schema, value):
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
            if isinstance(value, str) and known and (value in known or meant(value, known, branch)):
                return branch  # `openia` fits "any string" as well, but `openai` was meant
        found = [(sum(1 for _ in self._value(branch, value, path)), branch) for branch in candidates]
        return min(found, key=lambda one: one[0])[1]

    def _mistyped(self, schemas: Sequence[Schema], types: Sequence[str], value: Any, path: Path) -> Issue | None:
        own = said("wrong-type", schemas)
        severity = severity_of(self._view, "wrong-type", schemas, value)
        name = name_of(path)
        if value is None:
            # To a loader an empty scalar is a key that is not set; only where it refuses that is it wrong.
            if severity != "error":
                return None
            message = f"{name} is empty: give it {words.expected(types)}, or remove the key"
            data = {"expected": list(types), "empty": True}
            return Issue("wrong-type", path, message, severity, data, at_key=True)
        message = own or f"{name} must be {words.expected(types)}, not {words.shown(value)}"
        joined = next((notes["joined"] for notes in map(notes_of, schemas) if "joined" in notes), None)
        data = {"expected": list(types), **({"joined": joined} if joined else {})}
        return Issue("wrong-type", path, message, severity, data)

    def _invalid(self, word: str, schema: Schema, value: Any, path: Path) -> Issue:
        name = name_of(path)
        data: dict[str, Any] = {}
        kind: Kind = "too-long" if word == "maxLength" else "invalid-value"
        rule = schema[word]
        if word in ("enum", "const"):
            known = [rule] if word == "const" else list(rule)
            data["expected"] = known
            message = f"{name} must be {words.one_of(known)}, not {words.shown(value)}"
            if suggestion := meant(value, known, schema):
                data["suggestion"] = suggestion
                message = f"{name} must be {words.one_of(known)}; did you mean `{suggestion}`?"
                if notes_of(schema).get("open"):
                    message = f"{name}: `{words.short(value)}` is not known; did you mean `{suggestion}`?"
        elif kind == "too-long":
            data |= {"limit": rule, "length": len(value)}
            message = f"{name} has {len(value)} characters, and may have at most {rule}"
        else:
            message = f"{name} {LIMITS[word](rule)}" + (f", not {words.shown(value)}" if word in _COMPARED else "")
        severity = severity_of(self._view, kind, [schema], value)
        return Issue(kind, path, said(kind, [schema]) or message, severity, data)

    def _text_or_boolean(self, flat: Sequence[Schema], value: str, path: Path) -> Iterator[Issue]:
        """An unquoted `no` where text or anything may stand: the loader's YAML 1.1 makes a boolean of it."""
        types = {name for part in flat for name in self._view.types(part)}
        if not flat or (types and ("string" not in types or "boolean" in types)):
            return
        read = BOOLEANS_11[value.lower()]
        message = f"{name_of(path)}: YAML 1.1, which the loader reads, takes `{value}` for {read}"
        message += f"; write `{words.as_yaml(value, yaml11=True)}`" + ("" if types else f" for the text, or `{read}`")
        data = {"expected": sorted(types), "suggestion": words.as_yaml(value, yaml11=True), "plain": True}
        # What the loader does with a boolean in this place; where anything may stand, it may have been meant.
        severity = severity_of(self._view, "wrong-type", flat, True) if types else "information"
        yield Issue("wrong-type", path, message, severity, data)

    def _map(self, flat: Sequence[Schema], value: Mapping[str, Any], path: Path) -> Iterator[Issue]:
        properties = self._view.properties(flat)
        missing = {key: None for schema in flat for key in schema.get("required", ()) if key not in value}
        for key, item in value.items():
            if self._visits < 0:
                return
            here = (*path, key)
            if issue := self._judge(key, flat, value, here):
                # `nmae` for `name`: one mistake, one issue, as grave as the missing key.
                wanted: Any = issue.data.get("suggestion") or issue.data.get("replacedBy")
                if wanted in missing:
                    del missing[wanted]
                    grave = self._keys.missing(wanted, flat, path).severity
                    issue = replace(issue, severity=graver(issue.severity, grave))
                yield issue
            elif key in properties:
                yield from self._value(properties[key], item, here)
            elif children := self._view.children(flat, key):
                yield from self._value(self._view.join(children), item, here)
        for key in missing:
            yield self._keys.missing(key, flat, path)

    def _judge(self, key: str, flat: Sequence[Schema], value: Mapping[str, Any], path: Path) -> Issue | None:
        """The issue that the key itself is, whatever its value."""
        schema = self._view.properties(flat).get(key)
        if schema is not None:
            issue = self._keys.discouraged(key, schema)
            return replace(issue, path=path) if issue else None
        if self._view.children(flat, key):
            return None
        self._guesses -= 1
        return self._keys.unknown(key, flat, value.keys(), path) if self._guesses >= 0 else None


def _fits(part: Schema, value: Any) -> bool:
    """Whether a word is among those that are listed, a number within its limits, a text or a list not too short, and
    nothing else is asked."""
    asked = _LEAF & part.keys()
    if isinstance(value, str) and asked <= {"enum", "const", "minLength"}:
        listed = value in part.get("enum", (value,)) and value == part.get("const", value)
        return listed and len(value) >= part.get("minLength", 0)
    if isinstance(value, int | float) and not isinstance(value, bool) and asked <= {"minimum", "maximum"}:
        return bool(part.get("minimum", value) <= value <= part.get("maximum", value))
    return isinstance(value, list) and asked == {"minItems"} and len(value) >= part["minItems"]


def leaf_check(view: View, schema: Schema) -> Any:
    """A jsonschema validator for the words that judge a value by itself; made once for each part of a schema."""
    found = view.checks.get(id(schema))
    if found is None:
        from jsonschema import Draft202012Validator  # 130 ms to import: see ``_fits``

        found = Draft202012Validator({word: schema[word] for word in _LEAF & schema.keys()})
        view.checks[id(schema)] = found
        view.keep(schema)
    return found


_COMPARED = frozenset((*_NUMBERS, "pattern"))
LIMITS: Mapping[str, Callable[[Any], str]] = {
    "minimum": "must be at least {}".format,
    "maximum": "must be at most {}".format,
    "exclusiveMinimum": "must be more than {}".format,
    "exclusiveMaximum": "must be less than {}".format,
    "multipleOf": "must be a multiple of {}".format,
    "minLength": lambda rule: "must not be empty" if rule == 1 else f"needs at least {rule} characters",
    "pattern": "must look like `{}`".format,
    "minItems": lambda rule: "needs at least one item" if rule == 1 else f"needs at least {rule} items",
    "maxItems": "must have at most {} items".format,
    "uniqueItems": lambda _: "has the same item twice",
    "minProperties": lambda rule: "must not be empty" if rule == 1 else f"needs at least {rule} keys",
    "maxProperties": "must have at most {} keys".format,
}
