"""Dotprompt: edits of the header, and what is there after them."""

from __future__ import annotations

import pytest

from promptls import formats
from promptls.prompt.types import ANY, ValueType
from tests.formats.reading import apply, prompt_of, read_text

TEXT = ValueType(frozenset({"string"}))
LIST = ValueType(frozenset({"array"}), items=ValueType(frozenset({"object"}), {"title": TEXT}))


def declared(text: str, name: str, type: ValueType = TEXT) -> str:
    document = read_text(text, "a.prompt", as_format="dotprompt")
    after = apply(document, formats.declare_input(document, prompt_of(document), name, type))
    if after != text:
        again = prompt_of(read_text(after, "a.prompt", as_format="dotprompt"))
        assert again.input(name) is not None, after
    return after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Hi {{a}}", "---\ninput:\n  schema:\n    a: string\n---\nHi {{a}}"),
        ("---\n---\nHi", "---\ninput:\n  schema:\n    a: string\n---\nHi"),
        (
            "---\nmodel: x\noutput: {format: text}\n---\nHi",
            "---\nmodel: x\ninput:\n  schema:\n    a: string\noutput: {format: text}\n---\nHi",
        ),
        ("---\ninput:\n---\nHi", "---\ninput:\n  schema:\n    a: string\n---\nHi"),
        ("---\ninput:\n  schema:\n---\nHi", "---\ninput:\n  schema:\n    a: string\n---\nHi"),
        (
            "---\ninput:\n  default: {b: 1}\n---\nHi",
            "---\ninput:\n  default: {b: 1}\n  schema:\n    a: string\n---\nHi",
        ),
        (
            "---\ninput:\n  schema:\n    b?: string\n\nmodel: x\n---\nHi",
            "---\ninput:\n  schema:\n    b?: string\n    a: string\n\nmodel: x\n---\nHi",
        ),
        ("---\ninput: {schema: {b: string}}\n---\nHi", "---\ninput: {schema: {b: string, a: string}}\n---\nHi"),
        (
            "---\ninput:\n  schema:\n    type: object\n    properties:\n      b: {type: string}\n---\nHi",
            "---\ninput:\n  schema:\n    type: object\n    properties:\n      b: {type: string}\n"
            "      a: {type: string}\n---\nHi",
        ),
        ("---\ninput:\n  schema: Guest\n---\nHi", "---\ninput:\n  schema: Guest\n---\nHi"),
        ("---\ninput: [\n---\nHi", "---\ninput: [\n---\nHi"),
    ],
)
def test_declare_an_input(before: str, after: str) -> None:
    assert declared(before, "a") == after


def test_declare_what_is_no_string() -> None:
    assert "    items(array): {title: string}\n" in declared("---\nmodel: x\n---\nHi", "items", LIST)
    assert "    user(object): {title: string}\n" in declared(
        "---\nmodel: x\n---\nHi", "user", ValueType(frozenset({"object"}), {"title": TEXT})
    )
    assert "    any: string\n" in declared("---\nmodel: x\n---\nHi", "any", ANY)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("---\ninput:\n  schema:\n    a?: string\n    b: x\n---\nHi", "---\ninput:\n  schema:\n    b: x\n---\nHi"),
        ("---\nmodel: x\ninput:\n  schema:\n    a: string\n---\nHi", "---\nmodel: x\n---\nHi"),
        (
            "---\ninput:\n  schema:\n    a(array): string\n    b: string\n  default:\n    a: [x]\n---\nHi",
            "---\ninput:\n  schema:\n    b: string\n---\nHi",
        ),
        ("---\ninput: {schema: {a: string, b: string}}\n---\nHi", "---\ninput: {schema: {b: string}}\n---\nHi"),
        (
            "---\ninput:\n  schema:\n    properties:\n      a: {}\n      b: {}\n    required: [a, b]\n---\nHi",
            "---\ninput:\n  schema:\n    properties:\n      b: {}\n    required: [b]\n---\nHi",
        ),
    ],
)
def test_remove_an_input(before: str, after: str) -> None:
    document = read_text(before, "a.prompt")
    prompt = prompt_of(document)
    item = prompt.input("a")
    assert item is not None
    assert apply(document, formats.remove_input(document, prompt, item)) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "---\ninput:\n  schema:\n    a: string\n---\nHi",
            "---\ninput:\n  schema:\n    a: string\n  default:\n    a: Al\n---\nHi",
        ),
        (
            "---\ninput:\n  schema: {a: string}\n  default: {b: 1}\n---\nHi",
            "---\ninput:\n  schema: {a: string}\n  default: {b: 1, a: Al}\n---\nHi",
        ),
        (
            "---\ninput:\n  schema: {a: string}\n  default: {a: Bo}\n---\nHi",
            "---\ninput:\n  schema: {a: string}\n  default: {a: Bo}\n---\nHi",
        ),
    ],
)
def test_give_an_input_a_sample(before: str, after: str) -> None:
    document = read_text(before, "a.prompt")
    assert apply(document, formats.add_samples(document, prompt_of(document), {"a": "Al"})) == after
