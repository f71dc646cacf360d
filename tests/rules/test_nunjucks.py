"""Nunjucks files: what is Jinja's alone is found, what Nunjucks has is left alone. Measured with nunjucks 3.2.4."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from promptls.rules import Severity
from promptls.schema.dialects import lacking
from tests.rules.check import check, check_fix, found_in


def rows(table: Any, path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    for name, row in table.items():
        if "message" in row:
            yield f"{path}{name}", row
        elif "instead" not in row:
            yield from rows(row, f"{path}{name}-")


ROWS = [pytest.param(row, id=name) for name, row in rows(lacking("nunjucks"))]


@pytest.mark.parametrize("row", ROWS)
def test_each_row_of_the_table_is_found_in_its_example(row: dict[str, Any]) -> None:
    found = [one.finding for one in found_in({"prompts/a.njk": row["example"]}) if one.finding.code == "not-portable"]
    assert [(one.message, one.severity) for one in found] == [(row["message"], Severity[row["severity"].upper()])]
    assert ("result" in row) <= (row["severity"] == "warning")


@pytest.mark.parametrize("row", ROWS)
def test_nothing_of_it_is_said_of_a_jinja_file_nor_of_a_web_page(row: dict[str, Any]) -> None:
    for path in ("prompts/a.j2", "pages/a.njk"):
        assert not [one for one in found_in({path: row["example"]}) if one.finding.code == "not-portable"]


OWN = """
---
inputs:
  items: {type: array}
  kind: {type: string}
---
system:
{% switch kind %}{% case "a" %}A{% case "b" %}B{% default %}{{ kind }}{% endswitch %}
{% if kind === "a" %}1{% elseif kind !== "b" %}2{% else %}3{% endif %}
{% verbatim %}{{ nothing }}{% endverbatim %}
user:
{% for k, v in {a: kind, "b": 2} %}{{ k }}{{ v }}{{ loop.revindex0 }}{% else %}none{% endfor %}
{% asyncEach item in items %}{{ item.name }}{{ loop.last }}{% else %}none{% endeach %}
{% asyncAll item in items %}{{ item.name }}{% endall %}
{% ifAsync kind %}{{ items.length }}{% endif %}
{{ items | dump(2) }}{{ kind | nl2br }}{{ items | sort(reverse=true) | join(", ") }}
{{ (kind if kind else "x") if kind is truthy else null }}{{ items | selectattr("on") | length }}
{% set total = 0 %}{% for item in items %}{% set total = total + item.n %}{% endfor %}{{ total }}
{% macro m(a, b="c") %}{{ a }}{{ b }}{{ caller() }}{% endmacro %}{% call m(1, b=2) %}x{% endcall %}
{% raw %}{{ a }}{% endraw %}{{ kind.toUpperCase() }}{{- kind -}}{#- c -#}
"""


def test_what_nunjucks_has_is_left_alone() -> None:
    assert not found_in({"chat.njk": OWN.lstrip()})
    assert not found_in({"chat.nunjucks": OWN.lstrip()})


def test_names_are_looked_for_in_its_own_tags_too() -> None:
    check(
        """
        -- a.njk --
        ---
        inputs:
          items: {type: array}
        ---
        user:
        {% asyncEach item in itmes %}{{ item }}{{ items }}{% endeach %}
                             ^^^^^ undefined-variable: `itmes` is not declared; did you mean `items`?
        {% switch knid %}{% case 1 %}{% endswitch %}
                  ^^^^ undefined-variable: `knid` is not declared
        {{ items | tojson }}
                   ^^^^^^ unknown-filter: `tojson` is not a known filter; did you mean `dump`?
        """
    )


def test_pythons_constants_are_written_small_everywhere() -> None:
    check_fix(
        """
        -- prompts/a.njk --
        {% if a == None %}{{ True }}{% else %}{{ none }}{% endif %}
                   ^^^^ not-portable: Nunjucks takes this word for a variable, which has no value: write it small (us…
        """,
        """
        -- prompts/a.njk --
        {% if a == none %}{{ true }}{% else %}{{ none }}{% endif %}
        """,
    )


def test_what_the_application_adds_is_there() -> None:
    configuration = "templates: {tags: [with], globals: [namespace]}\n"
    template = "{% with a = 1 %}{{ a }}{% endwith %}{% set ns = namespace(a=1) %}{{ ns.a }}\n"
    assert len(found_in({"prompts/a.njk": template})) == 2
    assert not found_in({"promptls.yaml": configuration, "prompts/a.njk": template})


def test_an_input_may_have_the_name_of_a_global_of_jinja() -> None:
    check("-- a.njk --\n---\ninputs:\n  dict: {type: object}\n---\nuser:\n{{ dict.a }}\n")


def test_broken_tags_are_left_to_the_syntax() -> None:
    check(
        """
        -- prompts/a.njk --
        {% for x in items if
        ^^^^^^^^^^^^^^^^^^^^ template-syntax
        """
    )


def test_a_prompty_file_that_names_nunjucks_is_read_as_that() -> None:
    check(
        """
        -- a.prompty --
        ---
        name: a
        model: {id: a}
        inputs:
          items: {kind: array, items: {kind: string}}
        template:
          format: {kind: nunjucks}
                         ^^^^^^^^ not-portable: Only Prompty's TypeScript runtime knows `nunjucks`, the Python one re…
          parser: {kind: prompty}
        ---
        user:
        {% for x in itmes %}{{ x }}{% endfor %}{{ items | length }}
                    ^^^^^ undefined-variable: `itmes` is not declared; did you mean `items`?
        {% autoescape false %}{% endautoescape %}
           ^^^^^^^^^^ not-portable: Nunjucks has no tag `autoescape`, and refuses the template: the program sets it fo…
        """
    )
