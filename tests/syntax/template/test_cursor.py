"""What may be written at a cursor, in whole tags and in broken ones."""

from __future__ import annotations

from random import Random

import pytest

from promptls.syntax.template import parse_template
from promptls.syntax.template.cursor import TemplateCursor, cursor_in_template
from tests.syntax.template.jinja_templates import ACCEPTED
from tests.syntax.template.marked import broken


def _at(marked: str, dialect: str = "jinja") -> TemplateCursor:
    offset = marked.index("█")
    text = marked.replace("█", "")
    return cursor_in_template(parse_template(dialect, text), text, offset)


@pytest.mark.parametrize(
    ("marked", "where", "prefix"),
    [
        ("Hi {{ █ }} bye", "variable", ""),
        ("{{█}}", "variable", ""),
        ("{{ █", "variable", ""),
        ("Hi {{ us█", "variable", "us"),
        ("{{ us█er }}", "variable", "us"),
        ("{{ x == █ }}", "variable", ""),
        ("{{ x ~ █", "variable", ""),
        ("{{ a if █", "variable", ""),
        ("{{ a if b else █", "variable", ""),
        ("{{ x|join(█) }}", "variable", ""),
        ("{{ x|join(d=█) }}", "variable", ""),
        ('{{ {"a": █', "variable", ""),
        ("{% for x in █ %}", "variable", ""),
        ("{% if x == █\nfoo {{ y }}", "variable", ""),
        ("{% set x = █", "variable", ""),
        ("{% macro m(a=█", "variable", ""),
        ("{% with a=█", "variable", ""),
        ("{% if █ %}", "variable", ""),
        ("Hi {{ user.ad█", "attribute", "ad"),
        ("{{ user.█ }}", "attribute", ""),
        ("{{ user.█\nmore", "attribute", ""),
        ("{% if a\n and b.█ %}", "attribute", ""),
        ("{% █", "tag", ""),
        ("{% if x %}{% e█ %}", "tag", "e"),
        ("{% if x %}{% end█", "tag", "end"),
        ("{% if x %}a{% endif█ %}", "tag", "endif"),
        ("{{ x | up█", "filter", "up"),
        ("{{ x | █", "filter", ""),
        ("{{ x|█ }} {{ y }}", "filter", ""),
        ("{% filter █", "filter", ""),
        ("{% set x = y|█", "filter", ""),
        ("{% if x is def█ %}", "test", "def"),
        ("{{ x is not █", "test", ""),
        ("{{ 12 █", "operator", ""),
        ("{{ (a) █", "operator", ""),
        ("{{ a █", "operator", ""),
        ("{% for x █", "operator", ""),
        ('{{ "a█ " }}', "string", "a"),
        ('{% include "foot█', "include", "foot"),
        ('{% include ["a", "b█"] %}', "include", "b"),
        ('{% import "a█" as b %}', "include", "a"),
        ('{% extends "█" %}', "include", ""),
        ("text █ text", "text", ""),
        ("{% if x %}a{% endif %}█", "text", ""),
        ("{{ x }}█", "text", ""),
        ("{{ x █\n\n", "operator", ""),
        ("{{ x\n█", "text", ""),
        ("{# c█ #}", "comment", ""),
        ("{% raw %}{{ a█ }}{% endraw %}", "none", ""),
        ("{{ 1█", "none", ""),
        ("{% macro █", "none", ""),
        ("{% macro m(█", "none", ""),
        ("{% block █", "none", ""),
        ("{% for █", "none", ""),
        ("{% for a, █", "none", ""),
        ('{% from "x" import █', "none", ""),
    ],
)
def test_jinja(marked: str, where: str, prefix: str) -> None:
    cursor = _at(marked)
    assert (cursor.where, cursor.prefix) == (where, prefix)


@pytest.mark.parametrize(
    ("marked", "path"),
    [
        ("{{ user.addr.ci█ }} {{ ok }}", ("user", "addr")),
        ("{{ items[0].█ }}", ("items", "[]")),
        ('{{ a["b"].c█ }}', ("a", "b")),
        ("{% for it in items %}{{ it.█ }}{% endfor %}", ("it",)),
        ("{{ loop.█ }}", ("loop",)),
        ("{{ f().█", ("?",)),
    ],
)
def test_the_object_of_an_attribute(marked: str, path: tuple[str, ...]) -> None:
    assert _at(marked).object_path == path


@pytest.mark.parametrize(
    ("marked", "block"),
    [
        ("{% for it in items %}{{ █ {% endfor %}", "for"),
        ("{% if a %}{% for x in y %}{% endfor %}█", "if"),
        ("{% if a %}b{% else %}{% e█ %}{% endif %}", "if"),
        ("{% if a %}b{% endif %}█", ""),
        ("{% if a█ %}b{% endif %}", ""),
    ],
)
def test_the_open_block(marked: str, block: str) -> None:
    found = _at(marked).open_block
    assert (found.name if found else "") == block


def test_the_whole_word_is_replaced() -> None:
    cursor = _at("{{ us█er.name }}")
    assert cursor.replace.slice("{{ user.name }}") == "user"


@pytest.mark.parametrize(
    ("marked", "where", "prefix"),
    [
        ("{{ █ }}", "variable", ""),
        ("{{ us█", "variable", "us"),
        ("{{#█}}", "variable", ""),
        ("{{#items}}{{na█}}{{/items}}", "variable", "na"),
        ("{{{ x█ }}}", "variable", "x"),
        ("{{ a.b█ }}", "attribute", "b"),
        ("{{#a}}{{/█", "tag", ""),
        ("{{> fo█}}", "include", "fo"),
        ("{{! x█ }}", "comment", ""),
        ("{{=<% %>=}}<% ab█ %>", "variable", "ab"),
        ("a█", "text", ""),
    ],
)
def test_mustache(marked: str, where: str, prefix: str) -> None:
    cursor = _at(marked, "mustache")
    assert (cursor.where, cursor.prefix) == (where, prefix)


def test_every_place_has_an_answer() -> None:
    random = Random(9)
    for _ in range(600):
        text = broken(random.choice(ACCEPTED), random)
        for dialect in ("jinja", "mustache"):
            tree = parse_template(dialect, text)
            offset = random.randint(0, len(text))
            cursor = cursor_in_template(tree, text, offset)
            assert cursor.replace.touches(offset)
            assert text[:offset].endswith(cursor.prefix)
