"""The tree of a Handlebars template: every node in its place, and what is broken does not hide what is not."""

from __future__ import annotations

import re
from random import Random

import pytest

from promptls.syntax.template import analyse, handlebars, parse_template
from tests.shared_files import needs_shared
from tests.syntax.template.handlebars_templates import TEMPLATES, shared_templates
from tests.syntax.template.marked import broken, check_tree, kinds, outline, use_of

LONG = " ".join(TEMPLATES)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a {{ b }} c", "text output text"),
        ("{{#if a}}b{{else}}c{{/if}}", "block if(text branch else(text))"),
        ("{{#if a}}b{{else if c}}d{{^}}e{{/if}}", "block if(text branch else if(text) branch ^(text))"),
        ("{{#each a as |b|}}{{b}}{{/each}}{{!-- c --}}", "block each(output) comment"),
        ("{{{{raw}}}}{{a}}{{{{/raw}}}}{{> b}}", "raw(text) include"),
        ("{{^a}}b{{/a}}{{#> c}}d{{/c}}{{#*inline 'e'}}f{{/inline}}", "block a(text) block c(text) block inline(text)"),
        ("\\{{a}} {{b}} \\\\{{c}}", "text output text output"),
        ("{{#if a}}b{{else}}}c{{/if}}", "block if(text branch else(text))"),
        # broken
        ("{{#if a}}{{ b }}", "block if(output)"),
        ("{{#if a}}{{#each b}}{{c}}{{/if}}d", "block if(block each(output)) text"),
        ("a{{/if}}b{{else}}c", "text error text error text"),
        ("{{ a\nb {{ c }}", "output text output"),
        ("{{ a {{ c }}", "output text output"),
        ("{{#if a\nb {{/if}}", "block if(text)"),
        ('{{ "a\nb {{ c }} d "e" {{ f }}', "output text output text output"),
        ("{{!-- a\n{{ b }}\n{{!-- c --}}", "comment text output text comment"),
        ("{{! a\n{{ b }}", "comment"),
        ("{{!-- a\n{{ b", "comment text output"),
        ("{{ f (a }} {{ b }}", "output text output"),
        ("{{ a } {{ b }}", "output text output"),
        ("{{ user.\nHello {{ b }}", "output text output"),
        ("{{#\nHello {{ b }}", "statement text output"),
    ],
)
def test_the_bodies(text: str, expected: str) -> None:
    assert outline(text, "handlebars") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{{ a", ["unclosed-tag"]),
        ("{{ a. ", ["unclosed-tag"]),
        ("{{ a. }}", ["expected"]),
        ("{{}}", ["expected"]),
        ("{{ 'a }}", ["open-string"]),
        ("{{ a ; b }}", ["bad-character"]),
        ("{{ a }", ["wrong-closer"]),
        ("{{{ a }}", ["wrong-closer"]),
        ("{{#if a}}", ["unclosed-block"]),
        ("{{/if}}", ["stray-close"]),
        ("{{#if a}}{{/each}}{{/if}}", ["stray-close"]),
        ("{{else}}", ["stray-branch"]),
        ("{{{{raw}}}}", ["unclosed-block"]),
        ("{{a " + "(b " * 100 + ")" * 100 + "}}", ["too-deep"]),
        ("{{#if a}}" * 101 + "{{/if}}" * 101, ["too-deep"]),
    ],
)
def test_one_mistake_is_one_problem(text: str, expected: list[str]) -> None:
    assert kinds(text, "handlebars") == expected


def test_a_tag_that_needs_no_tokens_is_read_as_by_its_tokens(monkeypatch: pytest.MonkeyPatch) -> None:
    inside = [
        "a",
        "/a",
        "else",
        "true",
        "/true",
        "null",
        "this",
        "_a1",
        "ä",
        "1a",
        "a b",
        "a\n",
        "/ a",
        " /a",
        "a }",
        "as |",
    ]
    texts = [LONG, *TEMPLATES]
    texts += [
        f"{{{{#a}}}}b{{{{{one}}}}}{{{{{one} }}}}}}{{{{{one}}}}}}}\\{{{{{one}}}}}{{{{{{{one}}}}}}}" for one in inside
    ]
    short = [parse_template("handlebars", text) for text in texts]
    monkeypatch.setattr(handlebars, "_ALONE", re.compile("(?!)"))
    for text, tree in zip(texts, short, strict=True):
        assert parse_template("handlebars", text) == tree, text


def test_an_unclosed_block_is_reported_with_its_end() -> None:
    [problem] = parse_template("handlebars", "Hi\n{{#if a}}\n{{b}}\n").problems
    assert problem.data["end"] == "{{/if}}"
    assert problem.data["insert"] == "\n{{/if}}"


def test_names_before_a_broken_tag_and_behind_it_are_read() -> None:
    text = "{{a.b}} {{c. \n{{d}} {{e (f x }}{{g}}"
    for name in ("a.b", "c", "d", "x", "g"):
        assert use_of(text, name, "handlebars")


def test_every_prefix_of_every_template() -> None:
    for cut in range(0, len(LONG), 79):
        _check(LONG[max(0, cut - 400) : cut])


@needs_shared
def test_real_templates_broken_at_random() -> None:
    random = Random(3)
    for text in shared_templates():
        for _ in range(2):
            _check(broken(text, random))
            _check(text[: random.randint(0, len(text))])


def test_own_templates_broken_at_random() -> None:
    random = Random(4)
    for text in TEMPLATES:
        _check(broken(text, random))


@pytest.mark.parametrize(
    "piece",
    [
        "{{#each a}}",
        "{{{{",
        "\\",
        "\\{{",
        "((((",
        "{{ (a",
        "{{ 'a\n",
        "{{ \\'",
        "{{[[",
        "{{a.b.",
        "{{else if x}}",
        "{{!--\n",
        *["{{#if a}}{{else if b}}", "{{{{a}}}} ", "{{a as |", "{{#a}}{{b}}", "{{/a}}", "{{../", "{{@", "{{> a b=("],
    ],
)
def test_hostile_text_is_read(piece: str) -> None:
    _check(piece * (20_000 // len(piece)))


def _check(text: str) -> None:
    tree = parse_template("handlebars", text)
    check_tree(tree)
    for use in analyse(tree, text).uses:
        assert len(use.names) == len(use.spans)
        assert all(0 <= span.start <= span.end <= len(text) for span in use.spans)
