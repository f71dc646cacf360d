"""Picoschema: the JSON Schema it stands for, the places of names, and what is said of mistakes."""

from __future__ import annotations

from typing import Any

import pytest

from promptls.formats.base import no_siblings
from promptls.formats.dotprompt.picoschema import Converted, Named, convert
from promptls.formats.schema_types import value_type
from promptls.formats.source import Source
from promptls.syntax.yaml import parse_yaml

NAMED = {"Address": {"type": "object", "properties": {"city": {"type": "string"}}}}


def converted(written: str) -> Converted:
    tree = parse_yaml(written)
    assert tree.root is not None
    find = lambda name: Named(NAMED[name]) if name in NAMED else None  # noqa: E731
    return convert(Source("", written, tree, no_siblings), tree.root, "invalid-value", find)


def schema(written: str) -> Any:
    found = converted(written)
    assert found.problems == ()
    return found.schema


def said(written: str) -> tuple[str, str, str]:
    """The one problem: how bad, what is underlined, its message."""
    (problem,) = converted(written).problems
    return problem.data["severity"], problem.span.slice(written), problem.message


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("string", {"type": "string"}),
        ("number, how many,  in all", {"type": "number", "description": "how many,  in all"}),
        ("any", {"type": "any"}),
        ("Address, where", {**NAMED["Address"], "description": "where"}),
        ("type: array\nitems: {type: string}", {"type": "array", "items": {"type": "string"}}),
        ("properties: {a: {type: string}}", {"type": "object", "properties": {"a": {"type": "string"}}}),
        ("type: thing\nproperties: {}", {"type": "object", "properties": {}}),
    ],
)
def test_what_a_whole_schema_stands_for(written: str, expected: object) -> None:
    assert schema(written) == expected


@pytest.mark.parametrize(
    ("field", "name", "expected"),
    [
        ("a: string", "a", {"type": "string"}),
        ("a?: string, why", "a", {"type": ["string", "null"], "description": "why"}),
        ("a: any", "a", {}),
        ("a?: any, what", "a", {"description": "what"}),
        ("a(array, some): integer", "a", {"type": "array", "items": {"type": "integer"}, "description": "some"}),
        ("a?(array): string", "a", {"type": ["array", "null"], "items": {"type": "string"}}),
        ("a(enum, which): [X, Y]", "a", {"enum": ["X", "Y"], "description": "which"}),
        ("a?(enum): [X]", "a", {"enum": ["X", None]}),
        ("a?(enum): [X, null]", "a", {"enum": ["X", None]}),
        ("a: Address", "a", NAMED["Address"]),
        ("a(object): string", "a", {"type": "string"}),
    ],
)
def test_what_a_field_stands_for(field: str, name: str, expected: object) -> None:
    assert schema(field)["properties"][name] == expected


def test_objects_are_closed_and_list_what_is_required() -> None:
    assert schema("a: string\nb?: string\nc(object, deep):\n  d?: number") == {
        "type": "object",
        "properties": {
            "a": {"type": "string"},
            "b": {"type": ["string", "null"]},
            "c": {
                "type": "object",
                "properties": {"d": {"type": ["number", "null"]}},
                "additionalProperties": False,
                "description": "deep",
            },
        },
        "required": ["a", "c"],
        "additionalProperties": False,
    }


def test_further_keys_of_one_type() -> None:
    assert schema("a: string\n(*): number, more")["additionalProperties"] == {"type": "number", "description": "more"}


def test_flow_maps_with_optional_fields() -> None:
    assert schema("{name: string, age?: integer}")["required"] == ["name"]


def test_the_names_have_their_places() -> None:
    written = "name: string\n'age?(enum, old)': [1]\n  \n"
    assert [(field.name, field.name_span.slice(written)) for field in converted(written).fields] == [
        ("name", "name"),
        ("age", "age"),
    ]


@pytest.mark.parametrize(
    ("written", "severity", "underlined", "message"),
    [
        ("a: strng", "error", "strng", "Picoschema has no type `strng`: did you mean `string`?"),
        ("a: int, count", "error", "int", "Picoschema has no type `int`: did you mean `integer`?"),
        (
            "a: string[], some",
            "error",
            "string[]",
            "Picoschema has no type `string[]`: a list is written at the name, `name(array): string`",
        ),
        ("a(list): string", "error", "list", "In the brackets stands `array`, `object` or `enum`, not `list`"),
        ("a(string): x", "error", "string", "In the brackets stands `array`, `object` or `enum`: write `a: string`"),
        ("a(array: string", "error", "a(array", "The bracket behind `a` is not closed: write `a(…): …`"),
        ("a:", "error", "a", "`a` has no type: write `string`, `number`, `boolean` or the like"),
        ("a: null", "error", "null", '`a` is nothing to YAML: write "null" for the type'),
        ("a: 3", "error", "3", "`a` is a value, and Picoschema has only types and maps"),
        ("a: [x]", "error", "[x]", "`a` is a list, and Picoschema has only types and maps: write `a(enum)`"),
        ("a(enum): x", "warning", "x", "`a` lists no values: write `[ONE, OTHER]`"),
        ("a?(enum): x", "error", "x", "`a` lists no values: write `[ONE, OTHER]`"),
        ("a?(object): any", "error", "a?(object)", "`a` may be absent, so it must say a type: `any` is none"),
        ("a (array): string", "warning", "a (array)", "The blank belongs to the name here: write `a(array)`"),
        ("- string", "error", "- string", "A schema is a list, and Picoschema has only types and maps"),
        ("type: object\nproperties: {a: string}", "warning", "string", "`a` stands in a JSON Schema"),
    ],
)
def test_what_is_said_of_mistakes(written: str, severity: str, underlined: str, message: str) -> None:
    how, where, what = said(written)
    assert (how, where) == (severity, underlined)
    assert what.startswith(message)


def test_a_schema_that_only_the_application_knows_is_no_mistake() -> None:
    severity, underlined, message = said("a: Customer")
    assert (severity, underlined) == ("information", "Customer")
    assert "`templates: schemas:`" in message


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("a(array): {b: string}", "{a}"),
        ("string", "string"),
        ("any", "any"),
        ("type: [string, 'null']\nproperties: {}", "{}"),
    ],
)
def test_types_of_values(written: str, shown: str) -> None:
    assert str(value_type(converted(written).schema)).replace("object", "{}") == shown


def test_types_of_what_is_inside() -> None:
    found = value_type(converted("people(array):\n  name: string\n  age?: integer\nmood(enum): [GOOD, BAD]").schema)
    person = found.properties["people"].items
    assert person is not None
    assert (str(found.properties["people"]), str(person.properties["age"])) == (
        "array of {name, age}",
        "integer or null",
    )
    assert str(found.properties["mood"]) == "string"
    assert found.closed
