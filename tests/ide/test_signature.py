"""Signature help: shown as `label` with the active parameter in `‹›`, or nothing."""

from __future__ import annotations

import pytest

from promptls.ide.signature import signature_at
from promptls.text import Span
from tests.ide.place import place

HEAD = "---\nname: x\nmodel: {api: chat}\ninputs:\n  items: {type: array}\n  tone: {type: string}\n---\nsystem:\n"
MACRO = '{% macro card(title, body="a, (b", *rest) %}{{ title }}{% endmacro %}\n'
DOTPROMPT = "-- a.prompt --\n---\nmodel: m\ninput:\n  schema:\n    user: string\n---\n"


def shown(body: str, head: str = HEAD) -> str:
    found = signature_at(*place(head + body))
    if found is None:
        return ""
    signature = found.signatures[found.active]
    whole = Span(0, len(signature.label))
    assert all(whole.covers(one.span) and not one.span.empty for one in signature.parameters)
    if found.parameter is None:
        return signature.label
    start, end = signature.parameters[found.parameter].span
    return f"{signature.label[:start]}‹{signature.label[start:end]}›{signature.label[end:]}"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("{{ tone | replace(█ }}", "replace(‹old›, new, count=none)"),
        ("{{ tone | replace('a', █ }}", "replace(old, ‹new›, count=none)"),
        ("{{ tone | replace('a, (', 'b'█) }}", "replace(old, ‹new›, count=none)"),
        ("{{ tone | replace('a', count=█) }}", "replace(old, new, ‹count=none›)"),
        ("{{ tone | replace('a', 'b', 1, █) }}", "replace(old, new, count=none)"),
        ("{{ tone | replace('█", "replace(‹old›, new, count=none)"),
        ("{{ tone | default([1, █]) }}", "default(‹default_value=''›, boolean=false)"),
        ("{{ tone | default((1, █)) }}", "default(‹default_value=''›, boolean=false)"),
        ("{{ tone | default({'a': 1, █}, true) }}", "default(‹default_value=''›, boolean=false)"),
        ("{{ tone | default('', █true) }}", "default(default_value='', ‹boolean=false›)"),
        ("{{ tone | join(joiner(█) }}", "joiner(‹sep=', '›)"),
        ("{{ tone | join(joiner(), █ }}", "join(d='', ‹attribute=none›)"),
        ("{{ items | map(█ }}", "map(‹filter›, *args)"),
        ("{{ items | map('upper', █ }}", "map(filter, ‹*args›)"),
        ("{{ items | map('upper', 1, 2, █ }}", "map(filter, ‹*args›)"),
        ("{{ items | map(attribute=█ }}", "map(‹attribute=...›, default=...)"),
        ("{{ items | map(attribute='a', default=█ }}", "map(attribute=..., ‹default=...›)"),
        ("{{ tone | upper(█) }}", "upper()"),
        ("{% filter replace(█ %}{% endfilter %}", "replace(‹old›, new, count=none)"),
        ("{{ dict(a=█ }}", "dict(‹**items›)"),
        ("{{ tone|\n  replace('a',\n  █) }}", "replace(old, ‹new›, count=none)"),
        ("{{- tone|replace(█ -}}", "replace(‹old›, new, count=none)"),
    ],
)
def test_filters(body: str, expected: str) -> None:
    assert shown(body) == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("{% if 4 is divisibleby(█) %}{% endif %}", "divisibleby(‹num›)"),
        ("{% if 4 is not divisibleby(█ %}{% endif %}", "divisibleby(‹num›)"),
        ("{% for n in range(1, █) %}{% endfor %}", "range(start, ‹stop›, step)"),
        ("{% for n in items %}{{ loop.cycle('a', 'b', █) }}{% endfor %}", "loop.cycle(‹*items›)"),
        ("{% set x = namespace(n=█) %}", "namespace(‹**items›)"),
        ("{% set x = lipsum(n=2, max=█) %}", "lipsum(n=5, html=true, min=20, ‹max=100›)"),
    ],
)
def test_tests_and_functions(body: str, expected: str) -> None:
    assert shown(body) == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("{{ card(█ }}", 'card(‹title›, body="a, (b", rest)'),
        ("{{ card('x', █) }}", 'card(title, ‹body="a, (b"›, rest)'),
        ("{{ card(body=█) }}", 'card(title, ‹body="a, (b"›, rest)'),
        ("{% call card(█) %}{% endcall %}", 'card(‹title›, body="a, (b", rest)'),
        ("{% call(who) card('x', █) %}{% endcall %}", 'card(title, ‹body="a, (b"›, rest)'),
    ],
)
def test_macros_of_the_file(body: str, expected: str) -> None:
    macro = MACRO.replace(", *rest", ", rest")
    assert shown(macro + body) == expected


@pytest.mark.parametrize(
    "body",
    [
        "{{ tone█ }}",
        "{{ tone | replace█('a') }}",
        "{{ tone | replace('a', 'b') █}}",
        "{{ tone | replace('a') }}█",
        "replace(█",
        "{# replace(█ #}",
        "{{ tone | nobody(█ }}",
        "{{ (█ }}",
        "{{ [1, █] }}",
        "{% if (█ %}{% endif %}",
        "{% if not (█ %}{% endif %}",
        "{% macro m(█) %}{% endmacro %}",
        "{% macro range(a, █) %}{% endmacro %}",
        "{% call(█) range(2) %}{% endcall %}",
        "{{ tone(█ }}",
        "{% set range = 2 %}{{ range(█ }}",
        "{{ items[0].range(█ }}",
        "{{ ''.range(█ }}",
        "{% raw %}{{ range( {% endraw %}█",
    ],
)
def test_nothing_is_shown_where_nothing_is_known(body: str) -> None:
    assert shown(body) == ""


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("{{json █}}", "json ‹value› [indent=…]"),
        ("{{json user █}}", "json value [indent=…]"),
        ("{{json user.name█}}", "json ‹value› [indent=…]"),
        ("{{json user indent=█}}", "json value [‹indent=…›]"),
        ("{{media url=█}}", "media ‹url=…› [contentType=…]"),
        ('{{role "█', "role ‹name›"),
        ("{{#if (lookup user █)}}{{/if}}", "lookup collection ‹key›"),
        ("{{#if (lookup user 1) █}}{{/if}}", "if value [includeZero=…]"),
        ("{{#ifEquals user █}}{{/ifEquals}}", "ifEquals a ‹b›"),
        ("{{{json █}}}", "json ‹value› [indent=…]"),
        ("{{~json █~}}", "json ‹value› [indent=…]"),
        ("{{#if user}}{{else if █}}{{/if}}", "if ‹value› [includeZero=…]"),
        ("{{user █}}", ""),
        ("{{json█}}", ""),
        ("{{/if █}}", ""),
        ("{{#each user as |█ }}", ""),
        ("json █", ""),
        ("{{! json █ }}", ""),
    ],
)
def test_helpers_of_handlebars(body: str, expected: str) -> None:
    assert shown(body, DOTPROMPT) == expected


def test_what_it_does_is_told() -> None:
    found = signature_at(*place(HEAD + "{{ items | join(█ }}"))
    assert found is not None
    assert "as one text" in found.signatures[0].documentation
    assert "```jinja" in found.signatures[0].documentation
