"""Linked editing: the places that change together are marked `[like this]` in what is shown."""

from __future__ import annotations

import re

import pytest

from promptls.ide.linked import linked_at
from tests.ide.place import place

HEAD = "---\nname: x\nmodel: {api: chat}\n---\n"
V2 = "---\nname: x\nmodel: {id: m}\ntemplate: {format: {kind: mustache}, parser: {kind: prompty}}\n---\n"
DOTPROMPT = "-- a.prompt --\n---\nmodel: m\n---\n"


def linked(body: str, head: str = HEAD) -> str:
    document, offset, _ = place(head + body)
    found = linked_at(document, offset)
    if found is None:
        return ""
    names = {span.slice(document.text.value) for span in found.spans}
    assert len(names) == 1
    assert re.fullmatch(found.pattern, names.pop())
    text = document.text.value
    for span in sorted(found.spans, reverse=True):
        text = f"{text[: span.start]}[{span.slice(text)}]{text[span.end :]}"
    return text.rpartition("---\n")[2].rstrip("\n")


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("{% block bo█dy %}a{% endblock body %}", "{% block [body] %}a{% endblock [body] %}"),
        ("{% block body %}a{%- endblock body█ -%}", "{% block [body] %}a{%- endblock [body] -%}"),
        ("{% block █block %}{% endblock block %}", "{% block [block] %}{% endblock [block] %}"),
        (
            "{% block █a %}{% block b %}{% endblock b %}{% endblock a %}",
            "{% block [a] %}{% block b %}{% endblock b %}{% endblock [a] %}",
        ),
    ],
)
def test_blocks_of_jinja(body: str, expected: str) -> None:
    assert linked(body) == expected


@pytest.mark.parametrize(
    "body",
    [
        "{% block bo█dy %}a{% endblock %}",
        "{% block bl█ock %}a{% endblock %}",
        "{% block body %}a{% endblock oth█er %}",
        "{% block body %}█a{% endblock body %}",
        "{% if na█me %}{% endif %}",
        "{% macro na█me() %}{% endmacro %}",
        "{% block bo█dy %}",
    ],
)
def test_blocks_that_do_not_repeat_their_name(body: str) -> None:
    assert linked(body) == ""


@pytest.mark.parametrize(
    ("head", "body", "expected"),
    [
        (V2, "{{#it█ems}}{{.}}{{/items}}", "{{#[items]}}{{.}}{{/[items]}}"),
        (V2, "{{^ a.b }}{{/ a.b█ }}", "{{^ [a.b] }}{{/ [a.b] }}"),
        (V2, "{{=<% %>=}}<%#█d%>t<%/d%>", "{{=<% %>=}}<%#[d]%>t<%/[d]%>"),
        (DOTPROMPT, "{{#if█ x}}a{{else}}b{{/if}}", "{{#[if] x}}a{{else}}b{{/[if]}}"),
        (DOTPROMPT, "{{~#each q as |z|~}}{{~/█each~}}", "{{~#[each] q as |z|~}}{{~/[each]~}}"),
        (DOTPROMPT, "{{#a.b}}{{/a.█b}}", "{{#[a.b]}}{{/[a.b]}}"),
        (DOTPROMPT, "{{#if █x}}a{{/if}}", ""),
        (DOTPROMPT, "{{#i█f x}}a{{/unless}}", ""),
    ],
)
def test_sections(head: str, body: str, expected: str) -> None:
    assert linked(body, head) == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<█context>x</context>", "<[context]>x</[context]>"),
        ("<context>x</context█>", "<[context]>x</[context]>"),
        ("<con█text>{{ a }}<b>c</b></context>", "<[context]>{{ a }}<b>c</b></[context]>"),
        ('<doc█ id="1">x</doc >', '<[doc] id="1">x</[doc] >'),
        ('<doc█ id="{{ i }}">x</doc>', '<[doc] id="{{ i }}">x</[doc]>'),
        ("<a><█a>x</a></a>", "<a><[a]>x</[a]></a>"),
        ("<█p>one<br>two<your name></p>", "<[p]>one<br>two<your name></[p]>"),
        ("<█a/><a>x</a>", ""),
        ("<a/><█a>x</a>", "<a/><[a]>x</[a]>"),
        ("{% if x %}<█a>{{ y }}</a>{% endif %}", "{% if x %}<[a]>{{ y }}</[a]>{% endif %}"),
        ("<█a>{% if x %}</a>{% endif %}</a>", "<[a]>{% if x %}</a>{% endif %}</[a]>"),
        ("<my-tag.x:y█></my-tag.x:y>", "<[my-tag.x:y]></[my-tag.x:y]>"),
        ("<größe█>1</größe>", "<[größe]>1</[größe]>"),
    ],
)
def test_tags_in_the_text(body: str, expected: str) -> None:
    assert linked(body) == expected


@pytest.mark.parametrize(
    "body",
    [
        "<con█text>x",
        "<con█text>x</Context>",
        "x</con█text>",
        "<a>x█</a>",
        "a < b█ and b > a",
        "{{ a <b█ }}</b>",
        "{# <b█></b> #}",
        "{% if a <b█ %}</b>{% endif %}",
        "<a█>{% if x %}</a>{% endif %}",
        "system:\n<a█>\nuser:\n</a>\n",
        "<your na█me here></your>",
        "<b █></b>",
        "< b█></b>",
    ],
)
def test_what_is_no_pair(body: str) -> None:
    assert linked(body) == ""


def test_a_hostile_text_is_looked_at_once() -> None:
    for text in ("<a" * 50_000, "<a>" * 50_000 + "</b>" * 50_000, "<a " * 50_000, "</a>" * 50_000):
        document, _, _ = place(HEAD + text + "<█q>")
        linked_at(document, len(document.text) - 2)
