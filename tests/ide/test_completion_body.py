"""Completion in the template: names, attributes, filters, tests, tags, role lines."""

from __future__ import annotations

import pytest

from promptls.ide.completion import documentation_of
from tests.ide.place import chosen, completions, labels, place

HEADER = """---
name: shop
inputs:
  items:
    kind: array
    items:
      kind: object
      properties:
        - {name: title, kind: string}
        - {name: price, kind: float}
  customer: {kind: object, default: {name: Zoë, address: {city: Bern}}}
  tone: {kind: string, required: true, description: How it sounds}
---
"""


def body(text: str) -> str:
    return HEADER + text


def test_inputs_that_are_not_used_yet_come_first() -> None:
    found = labels(body("user:\n{{ items }} {{ █ }}\n"))
    assert found[:3] == ["customer", "tone", "items"]
    assert "loop" not in found


def test_half_typed_name() -> None:
    items = completions(body("user:\n{{ to█ }}\n"))
    assert (items[0].label, items[0].detail) == ("tone", "string, required")


def test_local_names_come_before_inputs_and_end_with_their_block() -> None:
    inside = labels(body("{% for item in items %}{{ █ }}{% endfor %}"))
    assert inside[0] == "item"
    assert "loop" in inside
    assert "item" not in labels(body("{% for item in items %}{% endfor %}{{ █ }}"))
    assert labels(body("{% set greeting = 1 %}{{ █ }}"))[0] == "greeting"
    assert "greeting" not in labels(body("{{ █ }}{% set greeting = 1 %}"))


def test_a_loop_goes_through_lists_first() -> None:
    assert labels(body("{% for x in █ %}{% endfor %}"))[0] == "items"


def test_no_names_for_a_new_name() -> None:
    assert labels(body("{% for █ in items %}{% endfor %}")) == []
    assert labels(body("{% set █ = 1 %}")) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("{{ customer.█ }}", ["name", "address"]),
        ("{{ customer.address.█ }}", ["city"]),
        ("{{ customer.na█ }}", ["name"]),
        ("{% for item in items %}{{ item.█ }}{% endfor %}", ["title", "price"]),
        ("{% for item in items %}{% if item.pr█ %}{% endif %}{% endfor %}", ["price"]),
        ("{% set c = customer %}{{ c.address.█ }}", ["city"]),
        ("{{ tone.█ }}", []),
        ("{{ unknown.a }}{{ unknown.█ }}", ["a"]),
    ],
)
def test_attributes(text: str, found: list[str]) -> None:
    assert labels(body(text)) == found


def test_loop_has_its_attributes() -> None:
    found = labels(body("{% for item in items %}{{ loop.█ }}{% endfor %}"))
    assert {"index", "index0", "first", "last", "length"} <= set(found)
    assert labels(body("{% for item in items %}{{ loop.fi█ }}{% endfor %}")) == ["first"]


def test_filters_that_fit_the_value_come_first() -> None:
    assert labels(body("{{ items | █ }}"))[:2] == ["join", "length"]
    assert labels(body("{{ tone | █ }}"))[0] == "lower"
    assert labels(body("{{ tone | de█ }}"))[0] == "default"
    assert "customer" not in labels(body("{{ items | █ }}"))


def test_tests_after_is() -> None:
    assert labels(body("{% if tone is █ %}{% endif %}"))[0] == "defined"
    assert labels(body("{% if tone is not def█ %}{% endif %}"))[0] == "defined"


def test_the_end_of_the_open_block_is_the_first_tag() -> None:
    assert labels(body("{% for item in items %}\n{% █ %}"))[:2] == ["endfor", "else"]
    assert labels(body("{% if tone %}\n{% █ %}"))[:3] == ["endif", "else", "elif"]
    assert labels(body("{% for item in items %}{% if item %}{% e█ %}"))[0] == "endif"
    assert not [name for name in labels(body("{% █ %}")) if name.startswith(("end", "el"))]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Hi {% if█", "Hi {% if test %}█{% endif %}"),
        ("Hi {%█", "Hi {% if test %}█{% endif %}"),
        ("Hi {% if█ %}", "Hi {% if test█ %}{% endif %}"),
        ("Hi {%█}", "Hi {% if test█ %}{% endif %}"),
        ("Hi {%█%} you", "Hi {% if test█ %}{% endif %} you"),
        ("  {% if█", "  {% if test %}\n  █\n  {% endif %}"),
        ("  {% if█ %}", "  {% if test█ %}\n  {% endif %}"),
    ],
)
def test_a_block_comes_with_its_end(before: str, after: str) -> None:
    assert chosen(body(before + "\n"), "if", snippet=True) == body(after + "\n")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("{{ ton█", "{{ tone }}"),
        ("{{ton█", "{{tone}}"),
        ("{{ ton█ }}", "{{ tone }}"),
        ("{{ ton█}}", "{{ tone}}"),
        ("{{█}}", "{{ items }}"),
        ("{{ █ }}", "{{ items }}"),
        ("{{ ton█}", "{{ tone }}"),
        ("{{ ton█ | upper }}", "{{ tone | upper }}"),
        ("{{ f(ton█", "{{ f(tone"),
        ("{% if ton█ %}", "{% if tone %}"),
    ],
)
def test_the_closer_is_written_where_it_is_missing(before: str, after: str) -> None:
    assert chosen(body(before + "\n")) == body(after + "\n")


def test_plain_text_offers_nothing() -> None:
    assert labels(body("user:\nHello wor█ld\n")) == []
    assert labels(body("user:\nHello {█\n")) == []
    assert labels(body("user:\n{# comment █ #}\n")) == []
    assert labels(body("user:\n{% raw %}{{ to█ }}{% endraw %}\n")) == []
    assert labels(body('user:\n{{ "to█" }}\n')) == []


def test_role_lines() -> None:
    assert labels(body("█"))[0] == "system:"
    assert labels(body("sy█"))[0] == "system:"
    assert labels(body("system:\nBe kind.\n\n█"))[0] == "user:"
    assert labels(body("system:\nBe kind.\n\nuser:\nHi\n\n█"))[0] == "assistant:"
    assert labels(body("system:\nBe kind.\n\nus█\n")) == ["user:"]
    assert labels(body("system:\nBe kind to\nus█\n")) == []
    assert labels(body("system:\nBe kind.\n\nuse this█\n")) == []
    assert chosen(body("sy█"), snippet=True) == body("system:\n█\n")
    assert chosen(body("sys█:\nHi\n")) == body("system:\nHi\n")


def test_names_of_the_host_application() -> None:
    source = f"""
-- promptls.yaml --
templates: {{filters: [to_xml], tests: [vip], globals: [today]}}
-- a.prompty --
{HEADER}"""
    assert "to_xml" in labels(source + "{{ items | to█ }}\n")
    assert "vip" in labels(source + "{% if items is v█ %}{% endif %}\n")
    assert "today" in labels(source + "{{ to█ }}\n")


def test_includes_name_files() -> None:
    source = HEADER + '{% include "pa█" %}\n-- parts/a.jinja --\nx\n'
    assert labels("-- a.prompty --\n" + source) == ["parts/"]


def test_documentation_of_words_inputs_and_roles() -> None:
    for text, says in (("{{ tone | upp█ }}", "upper"), ("{{ to█ }}", "How it sounds"), ("sy█", "Instructions")):
        where = place(body(text))
        assert says in documentation_of(completions(body(text))[0].data, where.snapshot)


MUSTACHE = HEADER.replace("name: shop", "name: shop\ntemplate: {format: {kind: mustache}, parser: {kind: prompty}}")


def test_mustache() -> None:
    assert labels(MUSTACHE + "{{ to█ }}")[0] == "tone"
    assert labels(MUSTACHE + "{{#items}}{{ti█}}{{/items}}")[0] == "title"
    assert labels(MUSTACHE + "{{#items}}{{/█}}") == ["items"]
    assert labels(MUSTACHE + "{{/█}}") == []
    assert chosen(MUSTACHE + "{{#items}}x{{/█\n") == MUSTACHE + "{{#items}}x{{/items}}\n"


def test_role_lines_in_the_empty_lines_above_the_text() -> None:
    assert labels(HEADER + "█\n\nHello\n")[0] == "system:"
    assert chosen(HEADER + "\n█\nHello\n") == HEADER + "\nsystem:\n\nHello\n"


def test_codes_in_a_comment_that_silences() -> None:
    assert labels(body("Hi {# promptls: ignore[unused-input, undefined-v█] #}")) == ["undefined-variable"]
    assert "unused-input" not in labels(body("Hi {# promptls: ignore[unused-input, █] #}"))
    assert labels("---\nname: x # promptls: ignore[wrong-t█]\n---\nhi\n") == ["wrong-type"]
    assert labels(body("promptls: ignore[█]")) == []


def test_declared_inputs_come_before_names_that_nothing_declares() -> None:
    head = "---\nname: x\nmodel: {id: m}\ninputs:\n  name: {kind: string}\n  topic: {kind: string}\n---\nsystem:\n"
    assert labels(head + "{{ topic }} {{ topics }} {{ █")[:3] == ["name", "topic", "topics"]
    assert labels(head + "{{ topic }} {{ topics }}\n{{ to█ }}")[:2] == ["topic", "topics"]
    assert labels("---\nname: x\nmodel: {id: m}\n---\nsystem:\n{{ b }} {{ a }} {{ █")[:2] == ["b", "a"]
