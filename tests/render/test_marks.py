"""Marks say which text came from which expression, and vanish where they would change the text."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from promptls.render import Renderer, child, marks
from promptls.text import Span


@pytest.fixture(scope="module")
def renderer() -> Iterator[Renderer]:
    with Renderer(deadline=20.0) as made:
        yield made


VALUES = {"name": "Ada", "items": ["x", "yy"], "html": "<", "empty": "", "text": "a {{ b }}"}


@pytest.mark.parametrize(
    ("dialect", "template", "pieces"),
    [
        ("jinja", "Hi {{ name }}!", [(0, "Ada")]),
        ("jinja", "Hi \n {{- name -}} \n !", [(0, "Ada")]),
        (
            "jinja",
            "{% for i in items %}{{ i }}{{ loop.index }},{% endfor %}",
            [(0, "x"), (1, "1"), (0, "yy"), (1, "2")],
        ),
        ("jinja", "{{ name | upper | replace('A', 'b') }}", [(0, "bDb")]),
        ("jinja", "{{ empty }}{{ nothing }}", [(0, ""), (1, "")]),
        ("jinja", "{% filter upper %}a{{ name }}{% endfilter %}", [(0, "ADA")]),
        ("jinja", "{% set x %}<{{ name }}>{% endset %}{{ x }}", [(1, "<Ada>"), (0, "Ada")]),
        ("jinja", "{% raw %}{{ raw }}{% endraw %}{{ text }}", [(0, "a {{ b }}")]),
        ("jinja", "{{ 'constant' }}{{ name }}", [(0, "constant"), (1, "Ada")]),
        ("mustache", "Hi {{name}} {{{html}}}{{html}}", [(0, "Ada"), (1, "<"), (2, "&lt;")]),
        ("mustache", "{{#items}}\n  {{.}}\n{{/items}}\n", [(0, "x"), (0, "yy")]),
        ("mustache", "{{=<% %>=}}<% name %>", [(0, "Ada")]),
    ],
)
def test_each_piece_knows_its_tag(
    renderer: Renderer, dialect: str, template: str, pieces: list[tuple[int, str]]
) -> None:
    plain = renderer.render(dialect, template, VALUES)
    rendered = renderer.render(dialect, template, VALUES, mark=output_tags(template))
    assert rendered.text == plain.text
    assert rendered.marks is not None
    assert [(mark.tag, mark.span.slice(rendered.text)) for mark in rendered.marks] == pieces


@pytest.mark.parametrize(
    "template",
    [
        "{% set x %}{{ name }}{% endset %}{{ x | length }}",
        "{% set x %}{{ name }}{% endset %}{% if x == 'Ada' %}equal{% endif %}",
        "{% set x %}{{ name }}{% endset %}{{ x[0] }}",
        "{% filter truncate(5) %}{{ name }} and others{% endfilter %}",
    ],
)
def test_marks_that_would_change_the_text_are_dropped(renderer: Renderer, template: str) -> None:
    rendered = renderer.render("jinja", template, VALUES, mark=output_tags(template))
    assert rendered.error is None
    assert rendered.marks is None
    assert rendered.text == renderer.render("jinja", template, VALUES).text


def test_private_use_characters_of_the_author_stay(renderer: Renderer) -> None:
    own = "\ue000 \U000f0000 \U00100000"
    rendered = renderer.render("jinja", own + "{{ name }}", VALUES, mark=[Span(5, 15)])
    assert rendered.text == own + "Ada"
    assert rendered.marks is None


def test_only_the_main_template_is_marked(renderer: Renderer) -> None:
    parts = {"part": "[{{ name }}]"}
    template = "{% include 'part' %}{{ name }}"
    rendered = renderer.render("jinja", template, VALUES, templates=parts, mark=output_tags(template))
    assert rendered.text == "[Ada]Ada"
    assert rendered.marks is not None
    assert [mark.span for mark in rendered.marks] == [Span(5, 8)]


def test_parent_and_child_use_the_same_marks() -> None:
    assert (child.FIRST_OPEN, child.CLOSE) == (marks.FIRST_OPEN, marks.CLOSE)


def output_tags(template: str) -> list[Span]:
    body = re.sub(r"{% raw %}.*?{% endraw %}", lambda found: " " * len(found[0]), template)
    return [Span(*found.span()) for found in re.finditer(r"{{{.*?}}}|{{[^#/^=!].*?}}|<% \w+ %>", body)]
