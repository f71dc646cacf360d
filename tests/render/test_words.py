"""What goes wrong in a template is said in words: no exception's name, no trace, nothing of a library's insides."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator

import pytest

from promptls.render import Renderer

VALUES = {"n": 5, "s": "text", "l": [{"x": 1}, {"x": 2}], "d": {"k": 1}}
JARGON = re.compile(r"Error|Traceback|' object|jinja|sync_|'(str|int|dict|list)'|\bNone|cannot be computed|0x[0-9a-f]")


@pytest.fixture(scope="module")
def renderer() -> Iterator[Renderer]:
    with Renderer(deadline=20.0) as made:
        yield made


@pytest.mark.parametrize(
    ("template", "says"),
    [
        ("{{ n + s }}", "`+` does not work between a number and a string"),
        ("{{ 2 ** s }}", "`**` does not work between a number and a string"),
        ("{{ s + n }}", "`+` does not join a string and a number: use `~`"),
        ("{{ s * s }}", "`*` repeats by a whole number, not by a string"),
        ("{{ -s }}", "`-` does not work on a string"),
        ("{{ s < n }}", "`<` does not compare a string with a number"),
        ("{{ n | length }}", "a number has no length"),
        ("{% for x in n %}{% endfor %}", "a number cannot be looped over"),
        ("{% for a, b in [1] %}{% endfor %}", "a loop takes another number of names than each element has values"),
        ("{{ s() }}", "a string cannot be called"),
        ("{{ s.upper(1) }}", "a call has the wrong number of arguments"),
        ("{{ s.upper(a=1) }}", "a call has the wrong number of arguments"),
        ("{{ range('a') }}", "a whole number is needed, not a string"),
        ("{{ s | round }}", "`round` does not work on a string"),
        ("{{ s.join(l) }}", "only strings can be joined here, not an object"),
        ("{{ '%d' % s }}", "`%d` needs a number, not a string"),
        ("{{ l[::0] }}", "the step of a slice cannot be 0"),
        ("{{ 1 / 0 }}", "division by zero"),
        ("{{ 9 ** 9999 }}", "a number of more than 4,300 digits"),
        ("{{ {l: 1} }}", "a list cannot be a key"),
        ("{{ d.k.x.y }}", "there is no `x` in a number"),
        ("{{ loop.index }}", "`loop` has no value, so it cannot be used like this"),
        ("{{ s..x }}", "a name is missing behind the dot"),
        ("{% %}", "a tag needs a name: `{% name %}`"),
        ("{{ s s }}", "expected `}}` but found `s`"),
        ("{{ s | }}", "expected a name but found `}}`"),
        ("{{ (s }}", "unexpected `}`: `)` is missing before it"),
        ("{% block a %}{% endblock %}{% block a %}{% endblock %}", "the block `a` is defined twice"),
    ],
)
def test_a_mistake_is_told_in_the_words_of_templates(renderer: Renderer, template: str, says: str) -> None:
    error = renderer.render("jinja", template, VALUES).error
    assert error
    assert error.message == says


PIECES = [
    *("{{ n + s }}", "{% if s %}", "{% endif %}", "{% for x in l %}", "{% endfor %}", "{{ x.y.z }}", "{{ s|upper }}"),
    *("{{ l[0]['x'] }}", "{{ s|map('q')|list }}", "{% macro m(a) %}{% endmacro %}{{ m(1, 2) }}", "{{ d|sort }}"),
    *(
        "{{ '%d' % s }}",
        "{% extends n %}",
        "{{ s|batch(0) }}",
        "{{ s|tojson(indent=s) }}",
        "{{ l|sum }}",
        "{{ [1, s]|max }}",
    ),
    *(
        "{{ ",
        " }}",
        "{% ",
        " %}",
        "{#",
        "#}",
        "{{ 'x",
        "{{ a b }}",
        "{{ a[ }}",
        "{% set %}",
        "{% else %}",
        "{{ super() }}",
    ),
    *("{{#l}}", "{{/l}}", "{{^s}}", "{{{s}}}", "{{>p}}", "{{=<% %>=}}", "{{= }}", "{{}}", "\n"),
]


@pytest.mark.parametrize("dialect", ["jinja", "mustache"])
def test_no_combination_of_pieces_brings_up_jargon(renderer: Renderer, dialect: str) -> None:
    pick = random.Random(11)
    for _ in range(250):
        template = "".join(pick.choice(PIECES) for _ in range(pick.randint(1, 5)))
        error = renderer.render(dialect, template, VALUES).error
        assert error is None or not JARGON.search(error.message), (template, error)
