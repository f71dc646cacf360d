"""YAML that is broken: said in people's words, mended by the change that comes along, and the rest still read."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from promptls.syntax import yaml_compose
from promptls.syntax.yaml import parse_yaml, to_data
from promptls.syntax.yaml_tree import Mapping, YamlTree

BROKEN: list[tuple[str, str, str, Any]] = [
    # what is written between two keys, the kind, what is underlined, the data that is still read from it
    ("q: @home", "reserved-start", "@home", {"q": "@home"}),
    ("q: `code`", "reserved-start", "`code`", {"q": "`code`"}),
    ("q: %d items # two", "reserved-start", "%d items", {"q": "%d items"}),
    ("q: **bold**", "reserved-start", "**bold**", {"q": "**bold**"}),
    ("q: *b and more", "reserved-start", "*b and more", {"q": "*b and more"}),
    ("q: &", "reserved-start", "&", {"q": "&"}),
    ("q: | text", "reserved-start", "| text", {"q": "| text"}),
    ("q: >>> text", "reserved-start", ">>> text", {"q": ">>> text"}),
    ("q: ]", "reserved-start", "]", {"q": "]"}),
    ("q: !a!b c", "reserved-start", "!a!b c", {"q": "!a!b c"}),
    ("@q: 1", "reserved-start", "@q", {"@q": 1}),
    ("%q", "reserved-start", "%q", {}),
    ("q: {{ x }}", "brace-value", "{{ x }}", {"q": "{{ x }}"}),
    ("q: {{ x.y|f('a') }} z # c", "brace-value", "{{ x.y|f('a') }} z", {"q": "{{ x.y|f('a') }} z"}),
    ("q: {% if x %}a{% endif %}", "brace-value", "{% if x %}a{% endif %}", {"q": "{% if x %}a{% endif %}"}),
    ("q: [{{ x }}, b]", "brace-value", "{{ x }}", {"q": ["{{ x }}", "b"]}),
    ("{{ x }}", "no-colon", "{{ x }}", {}),
    ("q: a: b", "colon-value", "a: b", {"q": "a: b"}),
    ("q: some text\n  goes on: here", "colon-value", "some text\n  goes on: here", {"q": "some text goes on: here"}),
    ("q: 1\n  r: 2", "indentation", "r: 2", {"q": 1}),
    ('q: "open', "open-quote", '"', {"q": "open"}),
    ("q: 'it's'", "trailing-text", "'it's'", {"q": "it's"}),
    ('q: "a" "b"', "trailing-text", '"a" "b"', {"q": 'a" "b'}),
    ("q: [a]]", "trailing-text", "[a]]", {"q": "[a]]"}),
    ("q: [a, b", "open-bracket", "[", {"q": "[a, b"}),
    ("q: {a: [1, 2}", "open-bracket", "[", {"q": {"a": "[1, 2"}}),
    ("q: [a,\n  b,\n  c", "open-bracket", "[", {"q": "[a,"}),
    ("q: [a, @b, c]", "reserved-start", "@b", {"q": ["a", "@b", "c"]}),
    ("q:12", "colon-space", "q:", {"q": 12}),
    ("q:1", "colon-space", "q:", {"q": None}),
    ("q: - a", "list-on-key-line", "- a", {"q": "- a"}),
    ("q", "no-colon", "q", {}),
    ("two words", "no-colon", "two words", {}),
    ('q: "\\d"', "bad-escape", "\\d", {"q": "\\d"}),
    ("- q", "indentation", "- q", {}),
    ("   q: 1", "indentation", "q: 1", {}),
    ("q:\n    a: 1\n  b: 2", "indentation", "b: 2", {"q": {"a": 1}}),
    ("q:\n\ta: 1", "tab", "\t", {"q": {"a": 1}}),
    ("q: a\x00b", "unprintable", "\x00", {"q": "a\ufffdb"}),
    ("q: *nobody", "unknown-alias", "*nobody", {"q": None}),
    ("q: !secret x", "unknown-tag", "!secret x", {"q": "x"}),
    ("q: !!python/object:os.system x", "unknown-tag", "!!python/object:os.system x", {"q": "x"}),
    ("q: 2024-13-45", "reserved-value", "2024-13-45", {"q": "2024-13-45"}),
    ("q: =", "reserved-value", "=", {"q": "="}),
    ("? [a, b]\n: c", "complex-key", "[a, b]", {}),
]


def check(tree: YamlTree, text: str, kind: str, marked: str) -> None:
    problems = [problem for problem in tree.problems if problem.code == "yaml-syntax"]
    assert [(problem.kind, problem.span.slice(text)) for problem in problems] == [(kind, marked)]


@pytest.mark.parametrize(("broken", "kind", "marked", "data"), BROKEN, ids=[case[0] for case in BROKEN])
@pytest.mark.parametrize("newline", ["\n", "\r\n"], ids=["lf", "crlf"])
def test_what_is_broken_does_not_hide_what_is_not(
    broken: str, kind: str, marked: str, data: dict[str, Any], newline: str
) -> None:
    text = f"above:\n  deep: [1]\nname: é😀\n{broken}\nbelow: yes\nlist:\n  - x: 1\n".replace("\n", newline)
    tree = parse_yaml(text)
    check(tree, text, kind, marked.replace("\n", newline))
    found = to_data(tree)
    assert {"above": {"deep": [1]}, "name": "é😀", "below": "yes", "list": [{"x": 1}]}.items() <= found.items()
    assert data.items() <= found.items()


@pytest.mark.parametrize("case", BROKEN, ids=[case[0] for case in BROKEN])
def test_the_change_that_comes_along_mends_it(case: tuple[str, str, str, Any]) -> None:
    text = f"name: a\n{case[0]}\nbelow: b\n"
    (problem,) = parse_yaml(text).problems
    edits = problem.data.get("edits", ())
    if not edits:
        assert problem.kind in ("no-colon", "indentation", "reserved-start", "unknown-alias")
        return
    for span, new in sorted(edits, reverse=True):
        text = text[: span.start] + new + text[span.end :]
    fixed = parse_yaml(text)
    assert fixed.problems == ()
    assert problem.data["title"]


@pytest.mark.parametrize("case", BROKEN, ids=[case[0] for case in BROKEN])
def test_the_parser_without_c_says_the_same(case: tuple[str, str, str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    text = f"name: a\n{case[0]}\nbelow: b\n"
    fast = parse_yaml(text)
    monkeypatch.setattr(yaml_compose, "LOADER", yaml.SafeLoader)
    assert parse_yaml(text) == fast


@pytest.mark.parametrize(
    "half", ["na", "na me", "'na", '"na', "na:x", "{{ na }}", "\tna: 1", "   na: 1", "- na", "[", "}"]
)
@pytest.mark.parametrize("line", range(4))
def test_half_a_line_keeps_all_other_keys_wherever_it_stands(half: str, line: int) -> None:
    lines = ["name: x", "description: y", "model: {id: z}"]
    lines.insert(line, half)
    data = to_data(parse_yaml("\n".join(lines)))
    assert {"name": "x", "description": "y", "model": {"id": "z"}}.items() <= data.items()


def test_half_a_key_keeps_its_siblings_on_every_level() -> None:
    text = "model:\n  na\n  api: chat\n  options:\n    - a: 1\n      te\n      b: 2\n    - c\nother: 1\n"
    tree = parse_yaml(text)
    assert to_data(tree) == {"model": {"api": "chat", "options": [{"a": 1, "b": 2}, "c"]}, "other": 1}
    assert [problem.span.slice(text) for problem in tree.problems] == ["na", "te"]


def test_both_sides_of_a_merge_conflict_are_read() -> None:
    text = "a: 1\n<<<<<<< HEAD\nb: 2\n=======\nb: 3\nc: 4\n>>>>>>> branch\nd: 5\n"
    tree = parse_yaml(text)
    assert to_data(tree) == {"a": 1, "b": 3, "c": 4, "d": 5}
    assert [problem.kind for problem in tree.problems] == ["merge-conflict"] * 3


def test_many_broken_lines_are_all_told_once() -> None:
    text = "".join(f"k{i}: @v{i}\nok{i}: {i}\n" for i in range(12))
    tree = parse_yaml(text)
    assert len(tree.problems) == 12
    assert to_data(tree)["ok11"] == 11


def test_a_second_document_is_told_and_not_read() -> None:
    tree = parse_yaml("a: 1\n---\nb: 2\n")
    assert to_data(tree) == {"a": 1}
    assert [(problem.kind, problem.span) for problem in tree.problems] == [("second-document", (5, 8))]


def test_an_anchor_may_not_be_named_twice() -> None:
    assert [problem.kind for problem in parse_yaml("a: &x 1\nb: &x 2\n").problems] == ["duplicate-anchor"]


def test_a_template_that_is_read_as_a_mapping_is_text_in_the_tree() -> None:
    text = "q: {{ x }}\n"
    tree = parse_yaml(text)
    assert isinstance(tree.root, Mapping)
    assert tree.root.entries[0].value.span.slice(text) == "{{ x }}"
    assert tree.problems[0].data["replacement"] == '"{{ x }}"'


def test_nesting_and_size_are_bounded() -> None:
    deep = parse_yaml("[" * 100_000)
    assert [problem.kind for problem in deep.problems] == ["too-deep"]
    assert to_data(deep) is not None
    assert [problem.kind for problem in parse_yaml("".join(" " * i + "a:\n" for i in range(300))).problems] == [
        "too-deep"
    ]
    large = parse_yaml("- a\n" * 60_000)
    assert [problem.kind for problem in large.problems] == ["too-large"]
    assert len(to_data(large)) > 40_000


@pytest.mark.parametrize(
    "hostile",
    [
        *("[" * 200_000, "a: [" * 50_000, "- " * 100_000, "? " * 100_000, "{a: 1, " * 30_000, '"' + "\\" * 200_000),
        *("na\n" * 60_000, "a: @b\n" * 40_000, 'a: "b\n' * 40_000, "a: {{ x }} y\n" * 20_000, "<<<<<<< a\n" * 20_000),
        *("a" + " " * 200_000 + "\nb: 1", "a: 1\na" + " " * 200_000 + "\nb: 1", "a:\n\tb: 1\n" * 8_000),
        *("na" + "\n" * 200_000 + "b: 1", "a: 1\n" + "#\n" * 100_000 + " b: 1", "\0a\n" * 60_000, "&a " * 60_000),
        *("a: [\n" + " @x,\n" * 40_000 + "]", "a: b: c\n" + "  d\n" * 50_000, "'" * 200_000, "a: '\n" * 15_000),
    ],
    ids=lambda text: repr(text[:12]),
)
def test_hostile_text_ends(hostile: str) -> None:
    tree = parse_yaml(hostile)
    to_data(tree)
    assert len(tree.problems) <= 1_100


@pytest.mark.parametrize(
    "text", ["a: \ud800", '"\\ud800"', '"\\U00110000"', "\ufeff\ufeffa: 1", "\x00", "a\u2028b: 1", "%YAML 9.9\n---\na"]
)
def test_strange_text_is_read_without_an_exception(text: str) -> None:
    to_data(parse_yaml(text))
