"""A model's answer against the declared shape: each difference in words, at its place."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest

from promptls.schema.answer import answer_data, answer_problems
from promptls.syntax.json_places import json_places
from promptls.text import Span

SHAPE: dict[str, Any] = {
    "type": "object",
    "properties": {
        "city": {"type": "string", "maxLength": 5},
        "days": {"type": "integer", "minimum": 1},
        "mood": {"enum": ["good", "bad"]},
        "parts": {
            "type": "array",
            "maxItems": 2,
            "items": {
                "anyOf": [
                    {"type": "string"},
                    {"type": "object", "properties": {"a": {"type": "number"}}, "required": ["a"]},
                ]
            },
        },
    },
    "required": ["city"],
    "additionalProperties": False,
}


def problems(text: str, shape: dict[str, Any] = SHAPE) -> list[tuple[str, str]]:
    return [(one.span.slice(text), one.message) for one in answer_problems(text, shape)]


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ('{"city": 3}', "3", "`city` must be a string, not `3`"),
        ('{"city": null}', "null", "`city` must be a string, not `null`"),
        ('{"days": 1}', "{", "`city` is missing"),
        ('{"city": "Ulm", "days": 0}', "0", "`days` must be at least 1"),
        ('{"city": "Ulm an der Donau"}', '"Ulm an der Donau"', "`city` has 16 characters, and may have at most 5"),
        ('{"city": "Ulm", "mood": "so"}', '"so"', "`mood` must be one of `good`, `bad`, not the string `so`"),
        ('{"city": "Ulm", "dayss": 3}', '"dayss"', "`dayss` is not in the declared shape; did the model mean `days`?"),
        ('{"city": "Ulm", "parts": [true]}', "true", "item 1 of `parts` must be a string or a map, not `true`"),
        ('{"city": "Ulm", "parts": [{"a": "b"}]}', '"b"', "`a` must be a number, not the string `b`"),
        ('{"city": "Ulm", "parts": ["", {}]}', "{", "`a` is missing in item 2 of `parts`"),
        ('{"city": "\\ud83d\\ude00", "days": 1.5}', "1.5", "`days` must be a whole number, not `1.5`"),
        ("[1]", "[1]", "The answer must be a map, not a list"),
        ("It rains.\nMuch.", "It rains.", "The answer is text and should be JSON of the declared shape"),
        ('{"city": "Ulm",', ",", "The JSON ends before its end: the answer was cut off"),
        ('{"city": "Ul', "l", "The JSON ends before its end: the answer was cut off"),
        ('{"city": "Ulm"} ok\nso', "ok", "There is more behind the JSON: the answer should be nothing else"),
        ('{"city": "Ulm",}', ",", "The answer is not JSON from here on: the comma before `}` is one too many"),
        ("{'city': 1}", "'", "The answer is not JSON from here on: a key in double quotes is missing"),
        ('{"city" 1}', "1", "The answer is not JSON from here on: a colon is missing"),
        ('{"days": NaN}', "NaN", "The answer holds `NaN`, which is a number to some languages and nothing to JSON"),
        ("```json\n{", "```json\n{", "The answer is a code fence that never ends: it was cut off"),
    ],
)
def test_what_does_not_fit(text: str, place: str, message: str) -> None:
    assert (place, message) in problems(text)


@pytest.mark.parametrize("text", ['{"city": "Ulm"}', ' \n{"city":\t"Ulm"}\n', "", "\n", '{"city": "\\u00fc\\/"}'])
def test_what_fits(text: str) -> None:
    assert problems(text) == []


def test_null_is_how_strict_providers_leave_something_out() -> None:
    assert problems('{"city": "Ulm", "days": null, "mood": null}') == []
    assert [place for place, _ in problems('{"city": null}')] == ["null"]
    assert [place for place, _ in problems('{"city": "Ulm", "wind": null}')] == ['"wind"']
    items = {"type": "array", "items": {"type": "object", "properties": {"a": {"type": "number"}}}}
    assert problems('[{"a": null}, {"a": "x"}]', items)[0][0] == '"x"'
    assert len(problems('[{"a": null}, {"a": "x"}]', items)) == 1


def test_json_in_a_code_fence_is_read_and_told_of() -> None:
    text = '```json\r\n{"city": 3}\r\n```\n'
    assert [place for place, _ in problems(text)] == ["```json", "3"]
    assert answer_data(text) == {"city": 3}


def test_text_is_an_answer_where_text_is_asked_for() -> None:
    assert problems("Hello", {"type": "string"}) == []
    assert problems("Hello", {"type": ["string", "null"]}) == []


def test_of_a_key_written_twice_the_last_one_counts() -> None:
    assert problems('{"city": "Ulm", "city": 7}') == [("7", "`city` must be a string, not `7`")]


@pytest.mark.parametrize(
    "shape",
    [
        {"type": "strng"},
        {"$ref": "#"},
        {"$ref": "https://example.invalid/never-fetched.json"},
        {"$ref": "#/$defs/nowhere"},
        {"required": 3},
        {"pattern": "("},
        {"properties": []},
        {
            "$defs": {f"a{at}": {"allOf": [{"$ref": f"#/$defs/a{at + 1}"}] * 2} for at in range(40)},
            "$ref": "#/$defs/a0",
        },
    ],
)
def test_a_shape_that_cannot_be_checked_is_left_alone(shape: dict[str, Any]) -> None:
    assert problems('{"a": 1}', shape) == []


@pytest.mark.parametrize("pattern", ["^(a+)+$", "^(a|a)*$", r"^(?=a*)(a*)*b", r"(a*)\1*$"])
def test_a_pattern_that_may_take_for_ever_is_not_tried(pattern: str) -> None:
    text = json.dumps("a" * 60 + "!")
    assert problems(text, {"pattern": pattern, "minLength": 100}) == [
        (text, "The answer needs at least 100 characters")
    ]
    problems('{"' + "a" * 60 + '!": 1}', {"patternProperties": {pattern: False}, "additionalProperties": False})


@pytest.mark.parametrize("text", ["[" * 100_000, "[" * 100_000 + "]" * 100_000, "7" * 10_000, '["' + "\\" * 100_001])
def test_a_hostile_answer_is_one_finding(text: str) -> None:
    assert len(problems(text, {"type": "array"})) == 1


def test_an_answer_with_a_thousand_differences_is_told_of_in_part() -> None:
    assert len(problems(json.dumps(["x"] * 1_000), {"items": {"type": "integer"}})) == 50


def test_every_place_is_that_of_its_value() -> None:
    rng = random.Random(1)
    for _ in range(60):
        data = _any(rng, 4)
        text = json.dumps(data, indent=rng.choice([None, 1, "\t"]), ensure_ascii=rng.random() < 0.5)
        paths = dict(_paths(data))
        places = json_places("  " + text, paths, 2)
        assert places.keys() == paths.keys()
        for path, value in paths.items():
            assert json.loads(places[path].value.slice("  " + text)) == value
            key = places[path].key
            assert (json.loads(key.slice("  " + text)) if key else None) == (
                path[-1] if path and isinstance(path[-1], str) else None
            )


def test_no_cut_of_an_answer_makes_it_fail() -> None:
    text = '```json\n{"city": "Ulm \\u00e4 😀", "days": [1, 2.5e3, -0], "parts": ["a", {"a": null}]}\n```'
    for end in range(len(text)):
        for start in (0, 8, end // 2):
            part = text[start:end]
            whole = Span(0, len(part))
            assert all(whole.covers(one.span) for one in answer_problems(part, SHAPE))


def _any(rng: random.Random, depth: int) -> Any:
    kind = rng.randrange(6 if depth else 4)
    if kind == 4:
        return [_any(rng, depth - 1) for _ in range(rng.randrange(4))]
    if kind == 5:
        return {rng.choice(["a", 'b"', "c\\", "ä", "{", ",", ""]): _any(rng, depth - 1) for _ in range(4)}
    return [None, rng.choice([True, False]), rng.random() * 100, 'x"]},:\n😀'][kind]


def _paths(data: Any, path: tuple[str | int, ...] = ()) -> Any:
    yield path, data
    items = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for step, value in items:
        yield from _paths(value, (*path, step))


@pytest.mark.parametrize(
    "pattern",
    [
        "a*a*a*a*a*a*b",
        "(.*)(.*)(.*)(.*)x",
        "a{0,50}a{0,50}a{0,50}a{0,50}a{0,50}b",
        "a?" * 40 + "a" * 40,
        "^" + "(a|a)" * 40 + "$",
        "(a+)+$",
        "^(a|aa)+$",
        "^x|a*a*a*a*b",
    ],
)
def test_no_pattern_of_a_schema_stops_the_editor(pattern: str) -> None:
    """A result is looked at when it is opened; these would be tried for minutes, or for ever."""
    shape = {"type": "object", "properties": {"a": {"type": "string", "pattern": pattern}}}
    assert answer_problems('{"a": "' + "a" * 900 + '!"}', shape) == ()
    named = {"type": "object", "patternProperties": {pattern: {"type": "string"}}}
    assert answer_problems('{"' + "a" * 900 + '!": "x"}', named) == ()


@pytest.mark.parametrize(
    ("pattern", "value"),
    [
        (r"^[A-Z]{2,5}-\d+$", "nothing of that"),
        (r"^[^@\s]+@[^@\s]+\.[a-z]{2,}$", "nobody at nowhere"),
        (r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:Z|[+]00:00)?$", "yesterday"),
        ("^(red|green|blue|yellow|black|white|brown|grey)$", "purple"),
        ("^[a-f0-9]{64}$", "z" * 64),
    ],
)
def test_usual_patterns_are_checked(pattern: str, value: str) -> None:
    shape = {"type": "object", "properties": {"a": {"type": "string", "pattern": pattern}}}
    assert len(answer_problems(f'{{"a": "{value}"}}', shape)) == 1
