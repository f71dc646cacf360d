"""Picoschema, and the JSON Schema that it stands for (dotpromptz 0.2.0 ``_picoschema.py``).

    schema := type[", " description] | a JSON Schema (it says `type` or `properties`) | map of fields
    field  := "(*)" | name["?"]["(" array | object | enum [", " description] ")"]

``convert`` follows the reference step by step, on nodes instead of data, so that each thing it refuses is a problem
with a place. What it takes silently for something else than was meant is a warning.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, NamedTuple, TypeAlias

from promptls.formats.dotprompt.suggest import written_otherwise
from promptls.formats.source import Source, bare, real
from promptls.syntax.problem import Problem
from promptls.syntax.yaml_tree import Entry, Mapping, Node, Scalar, Sequence
from promptls.text import Span

SCALARS = ("string", "number", "integer", "boolean", "null", "any")
WILDCARD = "(*)"
DEEPEST = 60
MOST_HINTS = 200
"""Problems of one schema from which on nobody is told what may be meant: a comparison each adds up."""

Schema: TypeAlias = "dict[str, Any]"
_DESCRIBED = re.compile(r"(.*?), *(.*)$")
_A_NAME = re.compile(r"[A-Za-z_][\w.-]*\Z")


class Named(NamedTuple):
    """A schema that a name stands for. ``schema``: None where it is known to exist and cannot be read."""

    schema: Schema | None


FindSchema: TypeAlias = Callable[[str], "Named | None"]


class Field(NamedTuple):
    """One property at the top of a schema. ``name_span``: the name alone, without `?` and brackets."""

    name: str
    name_span: Span
    schema: Schema
    optional: bool
    parent: Mapping
    at: int
    """Its place among the entries of ``parent``."""


class Converted(NamedTuple):
    """``schema``: None where nothing is written. ``fields``: of an object, in the order of the file.

    ``complete``: all of it could be read; ``json``: it is written as JSON Schema.
    """

    schema: Schema | None
    fields: tuple[Field, ...] = ()
    problems: tuple[Problem, ...] = ()
    complete: bool = True
    json: bool = False


def convert(source: Source, written: Node, code: str, find_schema: FindSchema) -> Converted:
    """The schema at a node. ``code``: of the rule that reports what is wrong in it."""
    return _Reader(source, code, find_schema).read(written)


def described(text: str) -> tuple[str, str]:
    """``string, the name`` -> the type and its description."""
    match = _DESCRIBED.match(text) if "," in text else None
    return (match[1], match[2]) if match else (text, "")


def parts_of(key: str) -> tuple[str, bool, str]:
    """``tags?(array, why)`` -> name, whether it is optional, and the inside of the brackets."""
    pieces = key.split("(")
    name = pieces[0]
    optional = name.endswith("?")
    return name.removesuffix("?") if optional else name, optional, pieces[1][:-1] if len(pieces) > 1 else ""


def names_a_schema(word: str) -> bool:
    """Whether a word that is no type may be the name of a schema of the application, and no slip."""
    return _A_NAME.match(word) is not None and not written_otherwise(word, SCALARS)[0]


class _Reader:
    def __init__(self, source: Source, code: str, find_schema: FindSchema) -> None:
        self.source = source
        self.code = code
        self.find_schema = find_schema
        self.problems: list[Problem] = []
        self.complete = True

    def read(self, written: Node) -> Converted:
        node = real(self.source, written)
        schema: Schema | None
        fields: tuple[Field, ...] = ()
        as_json = False
        if _is_empty(node):
            return Converted(None)
        if isinstance(node, Mapping) and self._is_json(node):
            as_json = True
            schema = self.source.data(node)
            if schema.get("type") not in (*SCALARS, "object", "array"):
                schema = {**schema, "type": "object"}
            fields = self._json_fields(node)
        elif isinstance(node, Scalar) and isinstance(node.value, str):
            schema = self._scalar(node, top=True)
        elif isinstance(node, Mapping):
            schema, fields = self._object(node, 0)
        else:
            schema = self._refused(node or written)
        return Converted(schema, fields, tuple(self.problems), self.complete, as_json)

    def _is_json(self, node: Mapping) -> bool:
        """Whether the reference takes a map for JSON Schema: by the value of `type`, else by a map `properties`."""
        named = real(self.source, node.get("type"))
        if isinstance(named, Scalar) and named.value in (*SCALARS, "object", "array"):
            return True
        return isinstance(real(self.source, node.get("properties")), Mapping)

    def _json_fields(self, node: Mapping) -> tuple[Field, ...]:
        properties = real(self.source, node.get("properties"))
        required = self.source.data(node.get("required"))
        if not isinstance(properties, Mapping):
            return ()
        fields = []
        for index, entry in enumerate(properties.entries):
            if entry.name and isinstance(entry.key, Scalar):
                about = self.source.data(entry.value)
                optional = entry.name not in required if isinstance(required, list) else True
                schema = about if isinstance(about, dict) else {}
                if not isinstance(about, dict | bool):
                    self._not_a_schema(entry)
                fields.append(Field(entry.name, bare(entry.key), schema, optional, properties, index))
        return tuple(fields)

    def _not_a_schema(self, entry: Entry) -> None:
        """``name: string`` in a JSON Schema: Picoschema in the wrong place, which nobody converts."""
        value = real(self.source, entry.value)
        if isinstance(value, Scalar) and isinstance(value.value, str) and described(value.text)[0] in SCALARS:
            replacement = f"{{type: {described(value.text)[0]}}}"
            message = (
                f"`{entry.name}` stands in a JSON Schema (there is a `properties`), where `{value.text}` says nothing: "
                f"write `{replacement}`, or leave `type` and `properties` out to write Picoschema"
            )
            self._add(value.span, message, "warning", {"replacement": replacement})

    def _scalar(self, node: Scalar, top: bool = False) -> Schema:
        type_name, description = described(node.text)
        about = {"description": description} if description else {}
        if type_name in SCALARS:
            # At the top the reference keeps `any` as a type, below it is no restriction.
            return {"type": type_name, **about} if top or type_name != "any" else about
        found = self.find_schema(type_name)
        if found is None:
            self.complete = False
            self._unknown_type(node, type_name)
            return about
        if found.schema is None:
            self.complete = False
            return about
        return {**found.schema, **about}

    def _unknown_type(self, node: Scalar, type_name: str) -> None:
        many = len(self.problems) > MOST_HINTS
        meant, replacement = written_otherwise(type_name, SCALARS) if not many else ("", "")
        span = _within(self.source, node, type_name)
        if meant:
            data = {"replacement": replacement} if replacement else {}
            self._add(span, f"Picoschema has no type `{type_name}`: {meant}", "error", data)
        elif names_a_schema(type_name):
            message = (
                f"`{type_name}` is no type of Picoschema, and there is no schema of that name here: if your "
                f"application defines it, list it in promptls.yaml under `templates: schemas:`"
            )
            self._add(span, message, "information", {"schema": type_name})
        else:
            known = ", ".join(f"`{name}`" for name in SCALARS)
            self._add(span, f"Picoschema has no type `{type_name}`: it has {known} and names of schemas", "error")

    def _value(self, entry: Entry, depth: int) -> Schema:
        node = real(self.source, entry.value)
        if depth > DEEPEST:
            return {}
        if isinstance(node, Scalar) and isinstance(node.value, str):
            return self._scalar(node)
        if isinstance(node, Mapping):
            return self._object(node, depth + 1)[0]
        return self._refused(node or entry.value, entry)

    def _refused(self, node: Node, entry: Entry | None = None) -> Schema:
        self.complete = False
        empty = isinstance(node, Scalar) and node.value is None
        span = entry.key.span if entry is not None and node.span.empty else node.span
        name = f"`{parts_of(entry.name)[0]}`" if entry is not None else "A schema"
        if empty and not node.span.empty:
            text = node.text if isinstance(node, Scalar) else ""
            self._add(
                span, f'{name} is nothing to YAML: write "null" for the type', "error", {"replacement": f'"{text}"'}
            )
        elif empty:
            self._add(span, f"{name} has no type: write `string`, `number`, `boolean` or the like", "error")
        elif isinstance(node, Sequence):
            meant = f": write `{parts_of(entry.name)[0]}(enum)` for a choice of values" if entry is not None else ""
            self._add(span, f"{name} is a list, and Picoschema has only types and maps{meant}", "error")
        else:
            self._add(span, f"{name} is a value, and Picoschema has only types and maps", "error")
        return {}

    def _object(self, node: Mapping, depth: int) -> tuple[Schema, tuple[Field, ...]]:
        properties: Schema = {}
        required: list[str] = []
        open_to: Any = False
        fields = []
        for index, entry in enumerate(node.entries):
            if not isinstance(entry.key, Scalar):
                continue
            if entry.name == WILDCARD:
                open_to = self._value(entry, depth)
                continue
            name, optional, about = parts_of(entry.name)
            self._check_key(entry, name)
            if not optional:
                required.append(name)
            prop = self._property(entry, name, optional, about, depth)
            properties[name] = prop
            place = bare(entry.key)
            at = self.source.text.find(name, place.start, place.end) if name else -1
            span = Span(at, at + len(name)) if at >= 0 else place
            fields.append(Field(name, span, prop, optional, node, index))
        schema: Schema = {"type": "object", "properties": properties, "required": required}
        schema["additionalProperties"] = open_to
        if not required:
            del schema["required"]
        return schema, tuple(fields)

    def _property(self, entry: Entry, name: str, optional: bool, about: str, depth: int) -> Schema:
        if not about:
            prop = self._value(entry, depth)
            return _nullable(prop) if optional else prop
        kind, description = described(about)
        if kind == "array":
            found: Schema = {"type": ["array", "null"] if optional else "array", "items": self._value(entry, depth)}
        elif kind == "object":
            found = self._value(entry, depth)
            if optional and self.complete and "type" not in found:
                self._add(entry.key.span, f"`{name}` may be absent, so it must say a type: `any` is none", "error")
            found = _nullable(found) if optional else found
        elif kind == "enum":
            found = {"enum": self._enum(entry, optional)}
        else:
            self.complete = False
            self._unknown_kind(entry, name, kind)
            found = {}
        return {**found, "description": description} if description else found

    def _enum(self, entry: Entry, optional: bool) -> Any:
        node = real(self.source, entry.value)
        if not isinstance(node, Sequence):
            span = entry.key.span if entry.value.span.empty else entry.value.span
            how = "error" if optional else "warning"
            self._add(span, f"`{parts_of(entry.name)[0]}` lists no values: write `[ONE, OTHER]`", how)
            return self.source.data(entry.value)
        values = self.source.data(node)
        return [*values, None] if optional and None not in values else values

    def _unknown_kind(self, entry: Entry, name: str, kind: str) -> None:
        place = entry.key.span
        if not entry.name.endswith(")"):
            self._add(place, f"The bracket behind `{name}` is not closed: write `{name}(…): …`", "error")
            return
        at = self.source.text.find(kind, place.start + len(name), place.end) if kind else -1
        span = Span(at, at + len(kind)) if at >= 0 else place
        if kind in SCALARS:
            message = f"In the brackets stands `array`, `object` or `enum`: write `{name}: {kind}`"
            self._add(span, message, "error")
            return
        meant, replacement = written_otherwise(kind, ("array", "object", "enum"))
        data = {"replacement": replacement} if replacement and at >= 0 else {}
        tail = f": {meant}" if meant else ""
        self._add(span, f"In the brackets stands `array`, `object` or `enum`, not `{kind}`{tail}", "error", data)

    def _check_key(self, entry: Entry, name: str) -> None:
        """What the reference reads without a word, and not as it is meant."""
        place, written = entry.key.span, entry.name
        if name != name.strip():
            self._add(place, f"The blank belongs to the name here: write `{written.replace(' (', '(', 1)}`", "warning")
        elif written.count("(") > 1:
            self._add(place, "The description ends at its first bracket; what follows is lost", "warning")
        elif "(" in written and written.endswith(")?"):
            self._add(place, f"`?` stands before the bracket: write `{name}?({written.split('(', 1)[1][:-1]}`", "error")

    def _add(self, span: Span, message: str, severity: str, data: Any = None) -> None:
        self.problems.append(Problem(span, self.code, message, "picoschema", {"severity": severity, **(data or {})}))


def _nullable(schema: Schema) -> Schema:
    return {**schema, "type": [schema["type"], "null"]} if isinstance(schema.get("type"), str) else schema


def _is_empty(node: Node | None) -> bool:
    """What the reference takes for no schema at all."""
    if isinstance(node, Scalar):
        return not node.value and not isinstance(node.value, bool)
    if isinstance(node, Mapping):
        return not node.entries
    return node is None or (isinstance(node, Sequence) and not node.items)


def _within(source: Source, node: Scalar, words: str) -> Span:
    """Where the words stand in the scalar; all of it where escapes hide them."""
    start = source.text.find(words, node.span.start, node.span.end) if words else -1
    return Span(start, start + len(words)) if start >= 0 else node.span
