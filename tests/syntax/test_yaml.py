"""YAML that is right: values by YAML 1.2, and a span on everything that is exactly what was written."""

from __future__ import annotations

import math
from typing import Any

import pytest

from promptls.syntax.yaml import entry_at, node_at, parse_yaml, path_at, resolve, to_data
from promptls.syntax.yaml_quote import quoted
from promptls.syntax.yaml_tree import Alias, Mapping, Scalar, Sequence
from promptls.text import Span


def written(text: str, *path: str | int) -> str:
    """What stands in the text at ``path``, by the node's span."""
    node = node_at(parse_yaml(text), path)
    assert node is not None
    return node.span.slice(text)


@pytest.mark.parametrize(
    ("plain", "value"),
    [
        *((word, None) for word in ("", "~", "null", "Null", "NULL")),
        *((word, True) for word in ("true", "True", "TRUE")),
        *((word, word) for word in ("yes", "no", "on", "off", "y", "N", "tRue")),
        ("12", 12),
        ("-12", -12),
        ("+12", 12),
        ("014", 14),
        ("0o14", 12),
        ("0x1F", 31),
        ("1_000", "1_000"),
        ("1:30", "1:30"),
        ("1.5", 1.5),
        (".5", 0.5),
        ("1.", 1.0),
        ("1e3", 1000.0),
        ("-.inf", -math.inf),
        ("2024-01-31", "2024-01-31"),
        ("1.2.3", "1.2.3"),
        ("'12'", "12"),
        ('"true"', "true"),
        ("!!str 12", "12"),
        ("!!int '12'", 12),
        ("!!float 12", 12.0),
        ("!!int x", "x"),
        ("! 12", "12"),
        ("9" * 5000, "9" * 5000),
        ("0x" + "f" * 5000, "0x" + "f" * 5000),
        ("!!float " + "9" * 400, "9" * 400),
        ("1e999", math.inf),
        ("١٢", "١٢"),
    ],
)
def test_values_are_those_of_yaml_1_2(plain: str, value: Any) -> None:
    data = to_data(parse_yaml(f"a: {plain}\n"))
    assert data == {"a": value}
    assert type(data["a"]) is type(value)


def test_not_a_number_is_a_number() -> None:
    assert math.isnan(to_data(parse_yaml("a: .nan"))["a"])


@pytest.mark.parametrize(
    ("text", "path", "span"),
    [
        ("a: 1   # one\nb: 2\n", ("a",), "1"),
        ('a: "x y"  # one\n', ("a",), '"x y"'),
        ("a:\n  b: 1\n\n# c\n\nd: 2\n", ("a",), "b: 1"),
        ("a:\n  - 1\n  - 2\n\n\nd: 2\n", ("a",), "- 1\n  - 2"),
        ("a:\n- 1\n- 2\nd: 2\n", ("a",), "- 1\n- 2"),
        ("a: |\n  x\n  y  \n\n# c\nd: 2\n", ("a",), "|\n  x\n  y  "),
        ("a: >-\n  x\n\n\n", ("a",), ">-\n  x"),
        ("a: |+ # keep\n\n\nb: 1", ("a",), "|+"),
        ("a: x\n  y\n\nb: 1", ("a",), "x\n  y"),
        ("a: &n\n  b: 1\n", ("a",), "b: 1"),
        ("a: &n !!str x\n", ("a",), "x"),
        ("a: !!map {b: 1}\n", ("a",), "{b: 1}"),
        ("a: [1,\n  2\n  ]  # end\n", ("a",), "[1,\n  2\n  ]"),
        ("a:\n- b: 1\n  c:\n- d\n", ("a", 0), "b: 1\n  c:"),
        ("a: {b: {c: d}}", ("a", "b", "c"), "d"),
        ("é😀: '😀é' # 😀\nb: x\n", ("é😀",), "'😀é'"),
        ("a: 😀\nb: x\n", ("b",), "x"),
        ("\ufeffa: 1\n", ("a",), "1"),
        ("a: 1\r\nb:\r\n  c: 2\r\n\r\n", ("b",), "c: 2"),
        ("? a\n: b\n", ("a",), "b"),
        ("[a: b]", (0, "a"), "b"),
    ],
)
def test_a_span_is_what_was_written_and_no_more(text: str, path: tuple[str | int, ...], span: str) -> None:
    assert written(text, *path) == span
    assert parse_yaml(text).problems == ()


def test_a_value_that_is_not_written_stands_right_behind_the_colon() -> None:
    tree = parse_yaml("a:\nb:   # later\n")
    assert [node_at(tree, (key,)) for key in "ab"] == [Scalar(Span(2, 2), "", None), Scalar(Span(5, 5), "", None)]


def test_spans_count_from_the_start_of_the_whole_text() -> None:
    text = "---\nname: a\n---\nbody: not yaml"
    tree = parse_yaml(text, Span(3, 12))
    assert tree.span == (3, 12)
    assert tree.root is not None
    assert tree.root.span.slice(text) == "name: a"
    assert to_data(tree) == {"name": "a"}


def test_styles_tags_and_anchors_are_kept() -> None:
    tree = parse_yaml("- 'a'\n- \"b\"\n- |\n  c\n- >\n  d\n- !!str &x e\n- &y {f: 1}\n")
    assert isinstance(tree.root, Sequence)
    assert [item.style for item in tree.root.items if isinstance(item, Scalar)] == [
        *("single", "double", "literal", "folded", "plain")
    ]
    tagged, mapping = tree.root.items[4:]
    assert isinstance(tagged, Scalar)
    assert (tagged.tag, tagged.anchor) == ("tag:yaml.org,2002:str", "x")
    assert isinstance(mapping, Mapping)
    assert (mapping.flow, mapping.anchor) == (True, "y")
    assert tree.anchors == {"x": tagged, "y": mapping}


@pytest.mark.parametrize("text", ["", "\n\n", "# only a comment\n", "---\n", " "])
def test_nothing_is_no_data(text: str) -> None:
    tree = parse_yaml(text)
    assert to_data(tree) is None
    assert tree.problems == ()


def test_aliases_merges_and_duplicates_are_what_a_loader_makes_of_them() -> None:
    text = "base: &b {x: 1, y: 2}\none: {<<: *b, y: 3}\ntwo:\n  <<: [*b, {z: 9, x: 8}]\nthree: *b\nx: 1\nx: 2\n"
    tree = parse_yaml(text)
    assert to_data(tree) == {
        "base": {"x": 1, "y": 2},
        "one": {"x": 1, "y": 3},
        "two": {"x": 1, "y": 2, "z": 9},
        "three": {"x": 1, "y": 2},
        "x": 2,
    }
    assert [problem.code for problem in tree.problems] == ["duplicate-key"]
    (problem,) = tree.problems
    assert problem.span.slice(text) == "x"
    assert problem.data["first"].start == text.index("\nx: 1") + 1


@pytest.mark.parametrize("text", ["a: {b: 1, b: 2}", "1: a\n1: b", "- a: 1\n  'a': 2", "true: 1\nTrue: 2"])
def test_a_key_that_is_set_twice_is_told_at_every_level(text: str) -> None:
    assert [problem.code for problem in parse_yaml(text).problems] == ["duplicate-key"]


def test_keys_that_only_look_alike_are_different() -> None:
    assert parse_yaml("1: a\n'1': b\ntrue: c\n'true': d\nnull: e\n").problems == ()


def test_an_alias_that_leads_back_into_itself_is_cut() -> None:
    assert to_data(parse_yaml("a: &x [1, *x]\n")) == {"a": [1, None]}
    assert to_data(parse_yaml("a: &x {b: *x, c: 1}\n")) == {"a": {"b": None, "c": 1}}


def test_aliases_of_aliases_of_aliases_stay_small() -> None:
    laughs = "a0: &a0 ha\n" + "".join(f"a{i + 1}: &a{i + 1} [{', '.join([f'*a{i}'] * 9)}]\n" for i in range(40))
    data = to_data(parse_yaml(laughs))
    assert data["a1"] == ["ha"] * 9
    assert len(str(data)) < 1_000_000


def test_nodes_are_found_by_path_through_aliases_and_merges() -> None:
    text = "base: &b {x: [1, {deep: yes}]}\none: {<<: *b}\ntwo: *b\n"
    tree = parse_yaml(text)
    for first in ("base", "one", "two"):
        found = node_at(tree, (first, "x", 1, "deep"))
        assert found is not None
        assert found.span.slice(text) == "yes"
    alias = node_at(tree, ("two",))
    assert isinstance(alias, Alias)
    assert resolve(tree, alias) == node_at(tree, ("base",))
    entry = entry_at(tree, ("two", "x"))
    assert entry is not None
    assert entry.name == "x"
    nowhere: list[tuple[str | int, ...]] = [
        ("no",),
        ("base", 0),
        ("base", "x", 7),
        ("base", "x", -1),
        ("base", "x", "y"),
    ]
    assert [node_at(tree, path) for path in nowhere] == [None] * len(nowhere)
    assert entry_at(tree, ()) is None
    assert entry_at(tree, ("base", "x", 0)) is None


@pytest.mark.parametrize(
    ("cursor", "path"),
    [
        ("na█me: x\n", ("name",)),
        ("name: x█\n", ("name",)),
        ("█name: x\n", ("name",)),
        ("name: x\n█\nb: 1\n", ()),
        ("a:\n  b: 1█\n", ("a", "b")),
        ("a:█\n  b: 1\n", ("a",)),
        ("a:\n  - x: 1\n    y: 2█\n", ("a", 0, "y")),
        ("a: [1, 2█, 3]\n", ("a", 1)),
        ("a: {b: c, █d: e}\n", ("a", "d")),
        ("a: {b: c }█\n", ("a",)),
        ("a: *█x\n", ("a",)),
    ],
)
def test_a_place_has_the_path_of_the_innermost_entry_it_touches(cursor: str, path: tuple[str | int, ...]) -> None:
    offset = cursor.index("█")
    assert path_at(parse_yaml(cursor.replace("█", "")), offset) == path


@pytest.mark.parametrize(
    ("text", "yaml"),
    [
        ("plain", '"plain"'),
        ("{{ x }}", '"{{ x }}"'),
        ('say "hi"', "'say \"hi\"'"),
        ('it\'s "it"', '"it\'s \\"it\\""'),
        ("C:\\dir", "'C:\\dir'"),
        ("a\nb\t\x00\x85😀", '"a\\nb\\t\\0\\x85😀"'),
        ("\ud800\u2028", '"\\ud800\\u2028"'),
    ],
)
def test_text_is_quoted_so_that_it_reads_the_same(text: str, yaml: str) -> None:
    assert quoted(text) == yaml
    if "\ud800" not in text:
        assert to_data(parse_yaml(f"a: {yaml}")) == {"a": text}
