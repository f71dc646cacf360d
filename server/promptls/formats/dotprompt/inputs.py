"""The inputs that a header declares: ``input.schema`` says which there are, ``input.default`` gives them values."""

from __future__ import annotations

from collections.abc import Mapping as Data
from typing import Any, NamedTuple

from promptls.formats.dotprompt.picoschema import Converted, Field, FindSchema, convert
from promptls.formats.extent import declaration
from promptls.formats.schema_types import value_type
from promptls.formats.source import Source, as_mapping, bare, real
from promptls.prompt.model import MISSING, Input
from promptls.prompt.types import type_of
from promptls.syntax.problem import Problem
from promptls.syntax.yaml_tree import Mapping, Scalar

SCHEMA = ("input", "schema")
DEFAULT = ("input", "default")
OUTPUT = ("output", "schema")


class Declared(NamedTuple):
    """``names``: the file says which inputs there are; ``complete``: all of it could be read, and no others exist."""

    inputs: tuple[Input, ...] = ()
    names: bool = False
    complete: bool = True
    defaults: Data[str, Any] = {}
    problems: tuple[Problem, ...] = ()


def read_inputs(source: Source, find_schema: FindSchema) -> Declared:
    root = source.root()
    about = as_mapping(source, root.get("input")) if root is not None else None
    if about is None:
        return Declared()
    written = about.get("schema")
    found = convert(source, written, "invalid-value", find_schema) if written is not None else Converted(None)
    defaults = source.data(about.get("default"))
    defaults = {str(name): value for name, value in defaults.items()} if isinstance(defaults, dict) else {}
    inputs = [_input(source, field, found.json, defaults) for field in found.fields]
    inputs += _by_default_alone(source, about, {item.name for item in inputs})
    unique = {item.name: item for item in reversed(inputs)}
    return Declared(
        tuple(item for item in inputs if unique[item.name] is item),
        bool(found.fields) or (found.schema is not None and found.schema.get("type") == "object") or not found.complete,
        _is_complete(found),
        defaults,
        found.problems,
    )


def output_schema(source: Source, find_schema: FindSchema) -> Converted:
    root = source.root()
    about = as_mapping(source, root.get("output")) if root is not None else None
    written = about.get("schema") if about is not None else None
    return convert(source, written, "invalid-output-schema", find_schema) if written is not None else Converted(None)


def _is_complete(found: Converted) -> bool:
    """Whether a name that is not among the fields is undefined. What is only of an unknown type has a name still."""
    schema = found.schema
    if schema is None or not found.fields:
        return found.complete and not (schema and schema.get("additionalProperties"))
    more = schema.get("additionalProperties") or any(key in schema for key in ("allOf", "anyOf", "oneOf", "$ref"))
    return not more


def _input(source: Source, field: Field, as_json: bool, defaults: Data[str, Any]) -> Input:
    schema = field.schema
    description, enum = schema.get("description"), schema.get("enum")
    default = defaults.get(field.name, MISSING)
    whole = declaration(source.text, field.parent, field.at)
    key = field.parent.entries[field.at].name
    examples = schema.get("examples")
    return Input(
        field.name,
        source.location(whole),
        source.location(field.name_span),
        type=value_type(schema),
        required=not field.optional and default is MISSING,
        default=default,
        example=examples[0] if as_json and isinstance(examples, list) and examples else MISSING,
        description=description if isinstance(description, str) else "",
        enum=tuple(value for value in enum if value is not None) if isinstance(enum, list) else (),
        path=(*SCHEMA, "properties", key) if as_json else (*SCHEMA, key),
        untrusted=as_json and schema.get("x-untrusted") is True,
    )


def _by_default_alone(source: Source, about: Mapping, known: set[str]) -> list[Input]:
    """Inputs that have a value and no declaration."""
    node = real(source, about.get("default"))
    if not isinstance(node, Mapping):
        return []
    found = []
    for index, entry in enumerate(node.entries):
        if entry.name and entry.name not in known and isinstance(entry.key, Scalar):
            value = source.data(entry.value)
            found.append(
                Input(
                    entry.name,
                    source.location(declaration(source.text, node, index)),
                    source.location(bare(entry.key)),
                    type=type_of(value),
                    default=value,
                    origin="sample",
                    path=(*DEFAULT, entry.name),
                )
            )
    return found
