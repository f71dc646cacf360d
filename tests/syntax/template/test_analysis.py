"""What a template reads: paths through bindings, guards, what each use asks for."""

from __future__ import annotations

import pytest

from promptls.syntax.template.names import EACH, Use
from tests.syntax.template.marked import analysis_of, use_of


@pytest.mark.parametrize(
    ("text", "name", "path"),
    [
        ("{{ user.name }}", "user.name", "user.name"),
        ('{{ user["first name"] }}', "user.first name", "user.first name"),
        ("{{ items[0].name }}", "items.[].name", "items.[].name"),
        ("{{ items[-1].name }}", "items.[].name", "items.[].name"),
        ("{{ (items|first).name }}", "items.[].name", "items.[].name"),
        ("{{ items[1:3][0].name }}", "items.[].name", "items.[].name"),
        ("{% for x in items %}{{ x.name }}{% endfor %}", "x.name", "items.[].name"),
        ("{% for x in a.b|sort(attribute='c')|list %}{{ x.d }}{% endfor %}", "x.d", "a.b.[].d"),
        ("{% for x in items or [] %}{{ x.d }}{% endfor %}", "x.d", "items.[].d"),
        (
            "{% for x in items|default([]) %}{% for y in x.ys %}{{ y.z }}{% endfor %}{% endfor %}",
            "y.z",
            "items.[].ys.[].z",
        ),
        ("{% for n in items|map(attribute='name') %}{{ n.x }}{% endfor %}", "n.x", "items.[].name.x"),
        ("{% set u = user %}{{ u.x }}", "u.x", "user.x"),
        ("{% set u = user.a[0] %}{% set v = u.b %}{{ v.c }}", "v.c", "user.a.[].b.c"),
        ("{% with u = user %}{{ u.x }}{% endwith %}", "u.x", "user.x"),
        ("{% if a %}{% set u = user %}{% else %}{% set u = user %}{% endif %}{{ u.x }}", "u.x", "user.x"),
        ("{{ d.get('x').y }}", "d.x.y", "d.x.y"),
        ("{{ user|attr('x') }}", "user.x", "user.x"),
        ("{{ name.upper() }}", "name", "name"),
        ("{{ items|map(attribute='a.b')|join }}", "items.[].a.b", "items.[].a.b"),
        # no path
        ("{% for k, v in d.items() %}{{ v.x }}{% endfor %}", "v.x", None),
        ("{% for x in range(3) %}{{ x }}{% endfor %}", "x", None),
        ("{% set u = user if a else other %}{{ u.x }}", "u.x", None),
        ("{% set u = f(user) %}{{ u.x }}", "u.x", None),
        ("{% macro m(a) %}{{ a.b }}{% endmacro %}", "a.b", None),
        ("{% for x in items %}{{ loop.index }}{% endfor %}", "loop.index", None),
        ("{{ range }}", "range", None),
        ("{% import 'a' as m %}{{ m.x }}", "m.x", None),
    ],
)
def test_paths(text: str, name: str, path: str | None) -> None:
    found = use_of(text, name).path
    assert found == (None if path is None else tuple(path.split(".")))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("{{ x is defined }}", "x"),
        ("{{ x is not none }}", "x"),
        ("{{ x|default('y') }}", "x"),
        ("{{ x.y|d }}", "x.y"),
        ("{{ (x|default({})).y }}", "x.y"),
        ("{{ x or 'y' }}", "x"),
        ("{{ x if x else 'y' }}", "x"),
        ("{% if x %}{% endif %}", "x"),
        ("{% if not x %}{% endif %}", "x"),
        ("{% if a or x %}{% endif %}", "x"),
        ("{% if x %}{{ x }}{% endif %}", "x"),
        ("{% if x is defined and x.y %}{{ x.y }}{% endif %}", "x.y"),
        ("{% if a and x|length > 0 %}{{ x }}{% endif %}", "x"),
        ("{% if not x %}a{% else %}{{ x }}{% endif %}", "x"),
        ("{% if x is undefined %}a{% elif b %}{{ x }}{% endif %}", "x"),
        ("{% if x == 'a' %}{{ x }}{% endif %}", "x"),
        ("{% if 'y' in x %}{{ x.y }}{% endif %}", "x.y"),
        ("{{ x and x }}", "x"),
        ("{% for i in items if i.x %}{{ i.x }}{% endfor %}", "i.x"),
        ("{% for i in items %}{{ items }}{% endfor %}", "items"),
        ("{% if a %}{% set x = 1 %}{% endif %}{{ x }}", "x"),
        ("{{ d.get('x') }}", "d.x"),
        ("{{ items|selectattr('x') }}", "items.[].x"),
    ],
)
def test_guarded(text: str, name: str) -> None:
    assert use_of(text, name).guarded


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("{{ x }}", "x"),
        ("{% if x == 'a' %}{% endif %}", "x"),
        ("{% if a %}{{ x }}{% endif %}", "x"),
        ("{% if a or b %}{{ b }}{% endif %}", "b"),
        ("{% if x %}{% else %}{{ x }}{% endif %}", "x"),
        ("{% if x %}{% endif %}{{ x }}", "x"),
        ("{{ y or x }}", "x"),
        ("{{ 'a' if y else x }}", "x"),
        ("{{ x|upper }}", "x"),
        ("{% for i in x %}{% endfor %}", "x"),
    ],
)
def test_not_guarded(text: str, name: str) -> None:
    assert not use_of(text, name).guarded


def test_a_test_of_an_object_does_not_guard_its_attributes() -> None:
    use = use_of("{% if user %}{{ user.nam }}{% endif %}", "user.nam")
    assert not use.guarded
    assert use.guarded_to == 1


@pytest.mark.parametrize(
    ("text", "name", "wants"),
    [
        ("{{ x|upper }}", "x", "string"),
        ("{{ x.strip() }}", "x", "string"),
        ("{{ x - 1 }}", "x", "number"),
        ("{{ x * 2 }}", "x", "number"),
        ("{{ '-' * x }}", "x", "number"),
        ("{% if x > 3 %}{% endif %}", "x", "number"),
        ("{{ range(x) }}", "x", "number"),
        ("{% for i in x %}{% endfor %}", "x", "array object"),
        ("{{ x|join }}", "x", "array"),
        ("{{ x|length }}", "x", "array object string"),
        ("{{ x.items() }}", "x", "object"),
        ("{{ x|default([]) }}", "x", "array"),
        ("{{ x }}", "x", ""),
        ("{{ x + y }}", "x", ""),
        ("{{ x ~ y }}", "x", ""),
        ("{% if x > y %}{% endif %}", "x", ""),
    ],
)
def test_what_a_use_asks_for(text: str, name: str, wants: str) -> None:
    assert use_of(text, name).wants == frozenset(wants.split())


def test_literals_that_a_use_is_compared_with() -> None:
    assert use_of("{% if x == 'a' %}{% endif %}", "x").literals == ("a",)
    assert use_of("{% if 3 != x %}{% endif %}", "x").literals == (3.0,)
    assert use_of("{% if x in ['a', 'b'] %}{% endif %}", "x").literals == ("a", "b")
    assert use_of("{{ x|default(true) }}", "x").literals == (True,)


def test_positions() -> None:
    assert use_of("{{ x }}", "x").position == "printed"
    assert use_of("{{ 'a' ~ x }}", "x").position == "printed"
    assert use_of("{{ x if y }}", "x").position == "printed"
    assert use_of("{{ x if y }}", "y").position == "tested"
    assert use_of("{{ x|tojson }}", "x").position == ""


def test_a_method_is_no_attribute() -> None:
    use = use_of("{{ user.name.upper() }}", "user.name")
    assert (use.method, use.path) == ("upper", ("user", "name"))
    assert use.method_span
    assert use.method_span.slice("{{ user.name.upper() }}") == "upper"


def test_a_function_of_the_host_is_called() -> None:
    assert use_of("{{ f(x) }}", "f").called
    assert not use_of("{{ f(x) }}", "x").called


def test_spans_are_those_of_the_names() -> None:
    text = "{{ user.name }} {% for x in items %}{{ x['a b'] }}{% endfor %} {{ (items|first).c }}"
    for use in analysis_of(text).uses:
        written = [span.slice(text) for span in use.spans]
        assert [name if name != EACH else one for name, one in zip(use.names, written, strict=True)] == written


@pytest.mark.parametrize(
    ("text", "inside", "outside"),
    [
        ("{% for x in y %}█{% endfor %}", "x", ""),
        ("{% for x in y %}{% endfor %}█", "", "x"),
        ("{% for x in y %}{% else %}█{% endfor %}", "", "x"),
        ("{% set x = 1 %}█", "x", ""),
        ("█{% set x = 1 %}", "", "x"),
        ("{% if a %}{% set x = 1 %}{% endif %}█", "x", ""),
        ("{% for i in y %}{% set x = 1 %}{% endfor %}█", "", "x"),
        ("{% with x = 1 %}█{% endwith %}", "x", ""),
        ("{% macro m(x) %}█{% endmacro %}", "m x", ""),
        ("{% macro m(x) %}{% endmacro %}█", "m", "x"),
        ("{% from 'a' import b as x %}█", "x", "b"),
        ("{% call(x) m() %}█{% endcall %}", "x", ""),
    ],
)
def test_what_is_visible(text: str, inside: str, outside: str) -> None:
    at = text.index("█")
    names = analysis_of(text.replace("█", "")).visible(at).keys()
    assert names >= set(inside.split())
    assert not names & set(outside.split())


def test_mentions_and_includes() -> None:
    text = "{% include 'a' ignore missing %}{% extends b if c else 'd' %}{{ e|f is g }}{% import 'h' as i %}{% foo %}"
    analysis = analysis_of(text)
    assert [(one.kind, one.target, one.span.slice(text), one.optional) for one in analysis.includes] == [
        ("include", "a", "a", True),
        ("extends", "d", "d", False),
        ("import", "h", "h", False),
    ]
    found = [(one.kind, one.name) for one in analysis.mentions]
    assert found == [
        ("tag", "include"),
        ("tag", "extends"),
        ("filter", "f"),
        ("test", "g"),
        ("tag", "import"),
        ("tag", "foo"),
    ]
    assert all(one.span.slice(text) == one.name for one in analysis.mentions)
    assert analysis.open_scopes


def test_a_chain_of_a_thousand_is_no_recursion() -> None:
    for text in ["{{ a" + "|f" * 5000 + " }}", "{{ a" + " + a" * 5000 + " }}", "{{ a" + ".b" * 5000 + " }}"]:
        assert analysis_of(text).uses
    assert analysis_of("{{ a" + " if b" * 5000 + " }}").uses
    assert analysis_of("{% if a %}" * 200 + "{{ a }}").uses


# -- Mustache


def _mustache(text: str, name: str) -> Use:
    return [use for use in analysis_of(text, "mustache").uses if ".".join(use.names) == name][-1]


def test_a_mustache_name_may_stand_for_several_paths() -> None:
    use = _mustache("{{#items}}{{name}}{{/items}}", "name")
    assert use.path == ("items", "[]", "name")
    assert set(use.others) == {("items", "name"), ("name",)}
    assert use.guarded
    assert use.roots == {"items", "name"}


def test_a_mustache_section_tests_its_name() -> None:
    assert _mustache("{{#a.b}}{{/a.b}}", "a.b").guarded
    assert _mustache("{{^a}}{{/a}}", "a").guarded
    assert not _mustache("{{a}}", "a").guarded
    assert _mustache("{{#xs}}{{.}}{{/xs}}", "[]").path == ("xs", "[]")


def test_mustache_partials_are_includes() -> None:
    analysis = analysis_of("{{> a.b }}{{<c}}{{$d}}{{e}}{{/d}}{{/c}}{{>*f}}", "mustache")
    assert [(one.kind, one.target) for one in analysis.includes] == [("partial", "a.b"), ("extends", "c")]
    assert [use.name for use in analysis.uses] == ["e", "f"]
