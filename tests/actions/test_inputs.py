"""What a person types becomes a value of the type that the input declares."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from promptls.actions import ActionError
from promptls.actions.inputs import settings, values_in
from promptls.prompt.model import Input, Prompt
from promptls.prompt.types import ANY, ValueType
from promptls.text import Location, Span

NOWHERE = Location("", Span(0, 0))


def prompt(**kinds: str) -> Prompt:
    types = {name: ValueType(frozenset(kind.split())) if kind else ANY for name, kind in kinds.items()}
    inputs = tuple(Input(name, NOWHERE, NOWHERE, type) for name, type in types.items())
    return Prompt("", "p", Span(0, 0), inputs=inputs, declares=bool(kinds))


@pytest.mark.parametrize(
    ("kind", "written", "value"),
    [
        ("string", "12", "12"),
        ("string", "[a", "[a"),
        ("string", "", ""),
        ("string", "a=b", "a=b"),
        ("integer", "12", 12),
        ("number", "12", 12),
        ("number", "1.5", 1.5),
        ("boolean", "true", True),
        ("array", "[a, 1]", ["a", 1]),
        ("object", "{a: {b: 1}}", {"a": {"b": 1}}),
        ("object", '{"a": null}', {"a": None}),
        ("string integer", "x", "x"),
        ("string integer", "3", 3),
        ("", "3", 3),
        ("", "no: such: map", "no: such: map"),
        ("", "", ""),
        ("", "null", None),
        ("", "text", "text"),
    ],
)
def test_a_setting_has_the_type_of_its_input(kind: str, written: str, value: Any) -> None:
    assert settings(prompt(x=kind), [f"x={written}"]) == {"x": value}


@pytest.mark.parametrize(("kind", "written"), [("integer", "1.5"), ("boolean", "1"), ("array", "a"), ("object", "")])
def test_a_setting_of_another_type_is_refused(kind: str, written: str) -> None:
    with pytest.raises(ActionError, match="`x` is ") as raised:
        settings(prompt(x=kind), [f"x={written}"])
    assert raised.value.usage


def test_where_nothing_is_declared_any_name_may_be_set() -> None:
    assert settings(prompt(), ["anything=1"]) == {"anything": 1}


def test_what_the_runtime_gives_every_template_may_be_set() -> None:
    known = replace(prompt(word="string"), ambient={"selection": ValueType(frozenset({"string"}))})
    assert settings(known, ["word=hello", "selection=this"]) == {"word": "hello", "selection": "this"}
    with pytest.raises(ActionError, match="has no input `selections`"):
        settings(known, ["selections=this"])


def test_values_of_a_file_are_by_name() -> None:
    assert values_in("a: 1\nb: [x]\n", "v.yaml") == {"a": 1, "b": ["x"]}
    assert values_in('{"a": {"b": null}}', "v.json") == {"a": {"b": None}}
    assert values_in("", "v.yaml") == {}
    with pytest.raises(ActionError, match=r"v\.yaml:2:"):
        values_in("a: 1\n  b: 2\n c: 3\n", "v.yaml")
