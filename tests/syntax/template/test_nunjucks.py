"""Nunjucks in the one template tree: what nunjucks 3.2.4 takes is taken, and names are found in its own tags."""

from __future__ import annotations

import pytest

from promptls.syntax.template import analyse, parse_template
from promptls.syntax.template.cursor import cursor_in_template

TAKEN = [
    "{% if a %}a{% elseif b %}b{% elif c %}c{% else %}d{% endif %}",
    "{% switch a %}{% case 1 %}a{% case b %}b{% default %}c{% endswitch %}",
    "{% asyncEach x in [1] %}{{ x }}{% else %}none{% endeach %}",
    "{% asyncAll x in [1] %}{{ x }}{% endall %}",
    "{% ifAsync a %}a{% else %}b{% endif %}",
    "{% verbatim %}{{ x }}{% endverbatim %}",
    "{% raw %}{{ x }}{% endraw %}",
    "{{ 1 === 1 }}{{ a !== 'b' and c == d }}",
    "{{ r/a+\"\\/%}/gi.test(b) }}{{ b | replace(r/x/g, 'y') }}{{ r }}{{ r / 2 }}",
    "{{ {a: 1, 'b': 2}.a }}{{ null }}{{ -x }}",
    "{% include 'x' ignore missing %}{% import 'x' as y with context %}{% from 'x' import a as b, c %}",
]
REFUSED = [
    "{% case 1 %}",
    "{% if a %}{% default %}{% endif %}",
    "{% switch a %}{% default %}a{% case 1 %}b{% endswitch %}",
    "{% asyncEach x in [1] %}{% endfor %}",
    "{% if a %}{% endverbatim %}",
    "{{ a && b }}",
    "{{ a ? b : c }}",
    "{% if a %}",
    "{{ a ===  }}",
]


@pytest.mark.parametrize("text", TAKEN)
def test_what_nunjucks_takes_is_taken_and_tiled(text: str) -> None:
    tree = parse_template("nunjucks", text)
    assert tree.problems == ()
    assert tree.dialect == "nunjucks"
    assert "".join(node.span.slice(text) for node in tree.root.body) == text


@pytest.mark.parametrize("text", REFUSED)
def test_what_nunjucks_refuses_is_a_problem(text: str) -> None:
    assert parse_template("nunjucks", text).problems


@pytest.mark.parametrize("text", TAKEN + REFUSED)
def test_every_beginning_is_read_and_analysed(text: str) -> None:
    for end in range(len(text)):
        tree = parse_template("nunjucks", text[:end])
        analyse(tree, text[:end])
        cursor_in_template(tree, text[:end], end)


def reads(text: str) -> set[tuple[str, ...]]:
    return {use.path for use in analyse(parse_template("nunjucks", text), text).uses if use.path}


def test_names_in_its_own_tags() -> None:
    assert reads("{% switch a.b %}{% case c %}{{ d }}{% default %}{{ e }}{% endswitch %}") == {
        *(("a", "b"), ("c",), ("d",), ("e",))
    }
    assert reads("{% asyncEach x in xs %}{{ x.n }}{% endeach %}") == {("xs",), ("xs", "[]", "n")}
    assert reads("{% ifAsync a %}{% set b = 1 %}{% else %}{% set b = 2 %}{% endif %}{{ b }}") == {("a",)}


def test_a_word_before_a_colon_is_a_key_and_length_is_no_attribute_of_the_data() -> None:
    assert reads("{{ {a: b, [c]: d} }}") >= {("b",)}
    assert ("a",) not in reads("{{ {a: b} }}")
    assert reads("{{ xs.length }}{{ x['length'] }}") == {("xs",), ("x", "length")}
    assert reads("{{ r/a+/.test(b) }}{{ r / c }}") == {("b",), ("r",), ("c",)}
    assert reads("{{ range(n) }}{{ lipsum }}{{ null }}{{ none }}") == {("n",), ("lipsum",)}


def test_the_same_text_is_refused_by_jinja() -> None:
    for text in TAKEN[:6]:
        assert parse_template("jinja", text).problems
