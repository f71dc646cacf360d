"""The cursor in YAML: where a person may type next, also in text that no parser reads."""

from __future__ import annotations

from typing import Any

import pytest

from promptls.syntax.yaml_cursor import YamlCursor, cursor_in_yaml
from promptls.text import Span


def at(marked: str) -> tuple[YamlCursor, str]:
    offset = marked.index("█")
    text = marked.replace("█", "")
    return cursor_in_yaml(text, Span(0, len(text)), offset), text


@pytest.mark.parametrize(
    ("marked", "path", "where", "prefix"),
    [
        ("█", (), "key", ""),
        ("na█", (), "key", "na"),
        ("name: a\nde█\nmodel: x\n", (), "key", "de"),
        ("model:\n  █\n", ("model",), "key", ""),
        ("model:\n  █\n  api: x\n", ("model",), "key", ""),
        ("model:\n  api: chat\n  op█\nname: x\n", ("model",), "key", "op"),
        ("model:\n  api: chat\n█", (), "key", ""),
        ("inputs:\n  - name: a\n    █", ("inputs", 0), "key", ""),
        ("inputs:\n  - name: a\n  - █", ("inputs", 1), "key", ""),
        ("inputs:\n- name: a\n- na█", ("inputs", 1), "key", "na"),
        ("inputs:\n  - name: a\n  █", ("inputs",), "key", ""),
        ("a: b\n  █", ("a",), "key", ""),
        ("model:\n  options:\n    t█\n  id: x", ("model", "options"), "key", "t"),
        ("- - a: 1\n    b█", (0, 0), "key", "b"),
        ('"na█', (), "key", "na"),
        ("name: █", ("name",), "value", ""),
        ("name:█", ("name",), "value", ""),
        ("name: a b█ c # d", ("name",), "value", "a b"),
        ("name: 'a█b'", ("name",), "value", "a"),
        ("name: &x !!str a█", ("name",), "value", "a"),
        ("name: a # b█", ("name",), "comment", ""),
        ("# a█\n", (), "comment", ""),
        ("text: |\n  a: b█\n", ("text",), "scalar", "a: b"),
        ("text: |\n  a\n\n  █\n", ("text",), "scalar", ""),
        ("text: |\n  a\n█", (), "key", ""),
        ("- |\n  a: b█\n", (0,), "scalar", "a: b"),
        ("text: some\n  more: █", ("more",), "value", ""),
        ('text: "some\n  mo█re"\n', ("text",), "scalar", "mo"),
        ("text: some\n  mo█re\n", ("text",), "scalar", "mo"),
        ("model: {id: x, ap█}", ("model",), "key", "ap"),
        ("model: {id: x, api: ch█", ("model", "api"), "value", "ch"),
        ("stop: [a, b█, c]", ("stop", 1), "value", "b"),
        ("tools: [{name: x}, {na█", ("tools", 1), "key", "na"),
        ("tools: [\n  {name: x,\n   ki█", ("tools", 0), "key", "ki"),
        ("tools: [{name: x\nna█: y", (), "key", "na"),
        ('{\n  "a": 1,\n  "b█": 2\n}', (), "key", "b"),
        ("a: {b: {c: {d: █", ("a", "b", "c", "d"), "value", ""),
        ("a: 1\n---\nb█", (), "key", "b"),
        ('name: "open\nb█: 1', (), "key", "b"),
        ("é😀:\n  ü█: 1", ("é😀",), "key", "ü"),
        ("a:\r\n  b: 1\r\n  c█\r\n", ("a",), "key", "c"),
    ],
)
def test_path_place_and_prefix(marked: str, path: tuple[str | int, ...], where: str, prefix: str) -> None:
    cursor, _ = at(marked)
    assert (cursor.path, cursor.where, cursor.prefix) == (path, where, prefix)


@pytest.mark.parametrize(
    ("marked", "replaced", "expected"),
    [
        ("na█me: x\nb: 1\nc: 2\n", "name", {"key": "name", "siblings": ("b", "c"), "indent": 0}),
        ("b: 1\n█\nc: 2\n", "", {"key": None, "siblings": ("b", "c")}),
        ("a:\n    b: 1\n    c█\n    d: 1\ne: 1", "c", {"siblings": ("b", "d"), "indent": 4}),
        ("- a: 1\n  █\n  b: 2\n- c: 3", "", {"siblings": ("a", "b"), "indent": 2}),
        ("tags:\n- x\nna█\nname: y\n", "na", {"siblings": ("tags", "name")}),
        ("name: ch█at # c", "chat", {"key": "name", "indent": 0}),
        ("name: █", "", {"key": "name"}),
        ("name: ${env:A█B}", "${env:AB}", {}),
        ("name: 'ch█at'", "chat", {"quote": "'"}),
        ('name: "ch█', "ch", {"quote": '"'}),
        ('"na█me": x', "name", {"quote": '"', "key": "name"}),
        ("m: {id: x, ap█i: 3, c: 1}", "api", {"key": "api", "siblings": ("id", "c"), "flow": True}),
        ("m: {id: x, █}", "", {"siblings": ("id",), "flow": True}),
        ("m: ['a', 'b█c']", "bc", {"flow": True, "quote": "'"}),
        ("m: [a, b█ c, d]", "b c", {"flow": True}),
    ],
)
def test_what_is_replaced_and_what_stands_around(marked: str, replaced: str, expected: dict[str, Any]) -> None:
    cursor, text = at(marked)
    assert cursor.replace.slice(text) == replaced
    assert {name: getattr(cursor, name) for name in expected} == expected


def test_spans_are_offsets_into_the_whole_text() -> None:
    text = "---\nmodel:\n  ap\n---\nbody"
    cursor = cursor_in_yaml(text, Span(3, 16), text.index("ap") + 1)
    assert cursor.path == ("model",)
    assert cursor.replace.slice(text) == "ap"


def test_a_place_outside_of_the_yaml_is_moved_into_it() -> None:
    text = "---\na: 1\n---\n"
    for offset in (-5, 0, 99):
        assert cursor_in_yaml(text, Span(3, 9), offset).where == "key"
    assert cursor_in_yaml("", Span(0, 0), 0).path == ()
    assert cursor_in_yaml("a", Span(7, 3), 1).path == ()


@pytest.mark.parametrize(
    "hostile",
    [
        *("- " * 100_000, "[" * 100_000, "{a: " * 30_000, "{a" + '"' * 100_000, "a" + " " * 200_000, "a: '\n" * 20_000),
        *("".join(" " * i + "a:\n" for i in range(600)), "a: 'x\n" + "\n" * 100_000, "a: {" + "b: 1, " * 30_000),
        *(":" * 200_000, "&a " * 60_000, '"' + "\\" * 200_000, "a: |\n" + " b\n" * 60_000, "#" * 200_000),
    ],
    ids=lambda text: repr(text[:12]),
)
def test_hostile_text_ends(hostile: str) -> None:
    for offset in (len(hostile), len(hostile) // 2):
        assert cursor_in_yaml(hostile, Span(0, len(hostile)), offset).replace.touches(offset)
