"""The types of the inputs, read from what a template does with them."""

from __future__ import annotations

import pytest

from promptls.prompt.infer import infer_types
from promptls.prompt.types import ANY
from promptls.syntax.template import analyse, parse_template


def _types(text: str, dialect: str = "jinja") -> dict[str, str]:
    return {name: str(kind) for name, kind in infer_types(analyse(parse_template(dialect, text), text)).items()}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{{ x }}", "string"),
        ("{{ x|upper }}", "string"),
        ("{{ x + 1 }}", "number"),
        ("{% if x %}a{% endif %}", "boolean"),
        ("{% if x == 'a' %}a{% endif %}", "string"),
        ("{{ x|default(3) }}", "number"),
        ("{{ x|default(false) }}", "boolean"),
        ("{% if x %}{{ x }}{% endif %}", "string"),
        ("{% for i in x %}{{ i }}{% endfor %}", "array of string"),
        ("{% for i in x %}{{ i.a }}{{ i.b|round }}{% endfor %}", "array of {a, b}"),
        ("{{ x|length }}", "array"),
        ("{{ x }}{{ x|length }}", "string"),
        ("{{ x.a }}{{ x.b.c }}", "{a, b}"),
        ("{% for k, v in x.items() %}{% endfor %}", "object"),
        ("{{ x[0] }}", "array of string"),
        ("{{ x|map(attribute='a')|join }}", "array of {a}"),
        ("{% for i in x %}{{ i }}{% endfor %}{{ x }}", "array of string"),
        # contradictions and silence
        ("{{ x - 1 }}{{ x|upper }}", "any"),
        ("{{ x|join }}{{ x.a }}", "any"),
        ("{{ x|tojson }}", "any"),
        ("{% if x == 'a' or x == 1 %}{% endif %}", "any"),
    ],
)
def test_one_input(text: str, expected: str) -> None:
    assert _types(text)["x"] == expected


def test_the_elements_have_types_of_their_own() -> None:
    text = "{% for x in items %}{{ x.name|upper }}{{ x.price * 2 }}{% endfor %}"
    items = infer_types(analyse(parse_template("jinja", text), text))["items"]
    assert items.items
    assert {name: str(kind) for name, kind in items.items.properties.items()} == {"name": "string", "price": "number"}


def test_locals_globals_and_functions_are_no_inputs() -> None:
    text = "{% set a = 1 %}{{ a }}{{ range(b) }}{{ f(c) }}{% for d in e %}{{ loop.index }}{% endfor %}"
    assert set(_types(text)) == {"b", "c", "e"}


def test_mustache_sections() -> None:
    assert _types("{{a}}{{#items}}{{name}}{{/items}}", "mustache") == {"a": "string", "items": "array of {name}"}


def test_nothing_is_known_of_a_path_without_end() -> None:
    text = "{{ a" + ".b" * 500 + " }}"
    assert infer_types(analyse(parse_template("jinja", text), text))["a"] != ANY
