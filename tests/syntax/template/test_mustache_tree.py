"""The tree of a Mustache template."""

from __future__ import annotations

from random import Random

import pytest

from promptls.syntax.template.mustache import parse_mustache
from promptls.text import Span
from tests.syntax.template.marked import broken, check_tree, kinds, outline

# After mustache/spec 1.4, a template of each kind.
VALID = [
    "",
    "Hello from {Mustache}!",
    "{{subject}} {{ a.b.c }} {{{raw}}} {{& raw }} {{.}} {{\n a\n}}",
    "{{#a}}{{#b}}{{/b}}{{/a}}{{^c}}{{/c}}{{# a.b }}{{/ a.b }}",
    "{{! comment }}{{!\n  many\n  lines { x\n}}",
    "{{>partial}}{{> a/b }}{{>*dynamic}}{{> * dynamic.name }}",
    "{{=<% %>=}}<% a %>{{ b }}<%#c%><%/c%><%={{ }}=%>{{ d }}",
    "{{=| |=}}|a|{{= b",
    "{{<parent}}{{$block}}x{{/block}}{{/parent}}{{$title}}default{{/title}}",
    "{{#lambda}}text {{x}}{{/lambda}} }} } {",
    "{{user name}}{{user-name}}{{@index}}",
]


@pytest.mark.parametrize("text", VALID)
def test_a_valid_template_has_no_problem(text: str) -> None:
    tree = parse_mustache(text)
    check_tree(tree)
    assert tree.problems == ()


@pytest.mark.parametrize(
    ("text", "expected", "problems"),
    [
        ("{{a}}{{#b}}c{{^d}}{{/d}}{{/b}}", "output block #(text block ^)", []),
        ("{{a\nb {{c}}", "output text output", ["unclosed-tag"]),
        ("{{a {{c}}", "output text output", ["unclosed-tag"]),
        ("{{a", "output", ["unclosed-tag"]),
        ("{{#a}}{{#b}}x{{/a}}y", "block #(block #(text)) text", ["unclosed-block"]),
        ("{{#a}}x", "block #(text)", ["unclosed-block"]),
        ("x{{/a}}", "text error", ["stray-close"]),
        ("{{}}", "output", ["expected"]),
        ("{{{a}} {{b}}", "output text output", ["wrong-closer"]),
        ("{{! a\n{{b}}\n{{! c }}", "comment text output text comment", ["unclosed-tag"]),
        ("{{! a", "comment", ["unclosed-tag"]),
        ("{{= a }}\n{{b}}", "delimiters text output", ["expected"]),
    ],
)
def test_what_is_broken_does_not_hide_the_rest(text: str, expected: str, problems: list[str]) -> None:
    check_tree(parse_mustache(text))
    assert outline(text, "mustache") == expected
    assert kinds(text, "mustache") == problems


def test_an_unclosed_section_names_its_end() -> None:
    [problem] = parse_mustache("{{#a.b}}x").problems
    assert problem.data["end"] == "{{/a.b}}"


def test_every_change_has_a_tree_at_any_place() -> None:
    random = Random(8)
    for _ in range(800):
        text = broken(random.choice(VALID), random)
        alone = parse_mustache(text)
        check_tree(alone)
        part = parse_mustache("{{ }} " + text + "}} {{/a}}", Span(6, 6 + len(text)))
        check_tree(part)
        assert len(part.problems) == len(alone.problems)


def test_hostile_input_is_read_in_one_go() -> None:
    for text in ["{{ a ", "{{! a ", "{{!\n", "{{! }}", "{{=", "{{=<% %>=}}", "{{{ a }}", "{{#a}}{{a}}", "{{/a}}", "{{"]:
        check_tree(parse_mustache(text * (10_000 // len(text))))
