"""not-portable: what one runtime of a format takes and another one does not."""

from __future__ import annotations

from typing import Any

import pytest
from jinja2.sandbox import ImmutableSandboxedEnvironment

from promptls.rules import Severity
from promptls.schema.files import table
from tests.rules.check import check, check_fix, found_in

HEADER = "---\nname: a\nmodel: {id: a}\n---\nuser:\n"
OUTSIDE = " is not in the Jinja that every Prompty runtime must know"
ROWS = [pytest.param(row, id=name) for name, row in table("jinja")["syntax"].items()]


def said(text: str) -> list[str]:
    return [one.finding.message for one in found_in({"a.prompty": text}) if one.finding.code == "not-portable"]


@pytest.mark.parametrize("row", ROWS)
def test_each_row_of_the_table_is_jinja_and_is_found(row: dict[str, Any]) -> None:
    assert ImmutableSandboxedEnvironment().from_string(row["example"]).render() == row["result"]
    assert row["description"] + OUTSIDE in said(HEADER + row["example"] + "\n")


@pytest.mark.parametrize(
    "template",
    [
        "{{ a.b }}{{ a['b'][0].c }}{{- a | trim | upper -}}{# {% set x = 1 %} #}",
        "{{ a | default('x') }}{{ a | join(', ') }}{{ a | length }}{{ a | lower }}",
        "{% for x in a %}{{ loop.index }}{{ loop.index0 }}{{ loop.first }}{{ loop.last }}{{ loop.length }}{% endfor %}",
        "{% if a == 'b' and not c or (d in e) %}{% elif x >= 2 %}{% else %}{{ -1 }}{{ 1.5 }}{{ true }}{% endif %}",
        "{{ a | uper }}{% frobnicate %}",
        "{{ a[",
        "{% for x in a if",
    ],
)
def test_nothing_is_said_of_the_subset_nor_of_what_is_broken(template: str) -> None:
    assert said(HEADER + template + "\n") == []


def test_each_thing_is_said_once_with_its_count() -> None:
    check(
        """
        ---
        name: a
        model: {id: a}
        ---
        user:
        {% set x = 1 %}{% if x is odd %}{{ x | abs }}{% endif %}
           ^^^ not-portable: The tag `set` is not in the Jinja that every Prompty runtime must know (used 2 times)
                                  ^^^ not-portable: The test `odd` is not in the Jinja that every…
                                               ^^^ not-portable: The filter `abs` is not in the Jinja that every…
        {% set y = 2 %}{{ y }}
        {% for i in x %}{{ loop.revindex }}{% endfor %}
                                ^^^^^^^^ not-portable: `loop.revindex` is not in the Jinja that every Prompty…
        """
    )


def test_v1_and_mustache_have_no_subset() -> None:
    assert said("---\nname: a\nmodel: {api: chat, configuration: {type: openai}}\n---\nuser:\n{% set x = 1 %}\n") == []
    header = "---\nname: a\nmodel: {id: a}\ntemplate: {format: mustache, parser: prompty}\n---\nuser:\n"
    assert said(header + "{{#a}}{{> b}}{{/a}}\n") == []


def test_a_renderer_that_one_runtime_has() -> None:
    check_fix(
        """
        ---
        name: a
        template:
          format: {kind: nunjucks}
                         ^^^^^^^^ not-portable: Only Prompty's TypeScript runtime knows `nunjucks`, the Python one…
          parser: prompty
        ---
        user:
        Hi
        """,
        """
        ---
        name: a
        template:
          format: {kind: jinja2}
          parser: prompty
        ---
        user:
        Hi
        """,
    )


def test_a_renderer_of_ones_own_is_a_warning() -> None:
    for header in ("template: {format: own, parser: prompty}", "model: {api: chat}\ntemplate: {type: own}"):
        found = found_in({"a.prompty": f"---\nname: a\n{header}\n---\nuser:\nHi\n"})
        (one,) = (one.finding for one in found if one.finding.code == "not-portable")
        assert one.severity is Severity.WARNING
        assert "has no renderer `own`" in one.message
        assert one.fixes == ()
