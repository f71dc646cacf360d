"""Correct templates in which nothing must be found, one line each: every way of writing Jinja that rivals trip over."""

from __future__ import annotations

import pytest

from tests.rules.check import check

HEADER = """---
name: support
inputs:
  - name: customer
    kind: object
    properties:
      name: {kind: string}
      tier: {kind: string}
      orders:
        kind: array
        items:
          kind: object
          properties:
            id: {kind: integer}
            lines: {kind: array, items: {kind: string}}
  - name: docs
    kind: array
    items: {kind: object, properties: {title: {kind: string}, text: {kind: string}}}
  - {name: history, kind: thread}
  - {name: lang, kind: string, default: en}
  - {name: n, kind: integer, default: 3}
  - {name: f, kind: float, default: 3.5}
  - {name: flag, kind: boolean, default: true}
  - {name: tags, kind: array, items: {kind: string}}
  - {name: meta, kind: object}
---
system:
"""
EVERY_INPUT = "{{customer}}{{docs}}{{history}}{{lang}}{{n}}{{f}}{{flag}}{{tags}}{{meta}}"
LINES = r"""
{% for d in docs[:3] %}{{ loop.index }}. {{ d.title }} {{ d['text'] | truncate(100) }}{% else %}none{% endfor %}
{% for d in docs if d.title %}{{ d.title }}{% endfor %}
{% for d in docs | sort(attribute="title") | reverse %}{{ d.text }}{% endfor %}
{{ docs | map(attribute="title") | join(", ") }}
{{ docs | selectattr("title", "equalto", "x") | list | length }}
{% for k, v in meta.items() %}{{ k }}{{ v.x.y }}{% endfor %}
{% for k, v in meta | dictsort %}{{ k }}{% endfor %}
{% set ns = namespace(total=0) %}{% for o in docs %}{% set ns.total = ns.total + n %}{% endfor %}{{ ns.total }}
{{ customer.orders | sum(attribute="id") }}
{% for group in docs | groupby("title") %}{{ group.grouper }}{{ group.list[0].text }}{% endfor %}
{% for o in customer.orders %}{% for l in o.lines %}{{ loop.parent }}{{ l | upper }}{% endfor %}{% endfor %}
{{ "%s" | format(lang) }}{{ "%.2f" % f }}{{ n * 2 + 1 }}{{ f // 2 }}{{ -n }}{{ n ** 2 }}
{{ lang ~ "-" ~ n }}{{ lang + "x" }}{{ lang[0] }}{{ lang[:2] }}{{ lang | first }}{{ lang.split("-")[0] }}
{% if lang == "en" and flag and n > 2 %}x{% elif n is divisibleby(3) %}y{% endif %}
{% if "a" in tags or lang in ["a", "b"] %}z{% endif %}
{{ tags[0] }}{{ tags | first }}{{ tags | last }}{{ tags[-1] }}{{ tags | random }}{{ tags | unique | join }}
{{ tags.index("a") }}{{ tags | length }}{{ tags | tojson }}{{ meta | tojson(indent=2) }}
{% macro card(d, k=1) %}{{ d.title }}{{ k }}{{ caller() }}{% endmacro %}{% call card(docs[0]) %}x{% endcall %}
{{ range(n) | list }}{% for i in range(1, n + 1) %}{{ i }}{% endfor %}{{ dict(a=1).a }}{{ cycler("a").next() }}
{% with a = customer.name, b = docs %}{{ a }}{{ b[0].title }}{% endwith %}
{% filter upper %}{{ lang }}{% endfilter %}{% set x %}{{ lang }}{% endset %}{{ x }}
{% raw %}{{ nothing }}{% endraw %}{# {{ nope }} #}
{% for msg in history %}{{ msg.role }}: {{ msg.content }}{% endfor %}
{{ customer.name.title() }}{{ customer.tier | default("x") }}{{ customer.email or "none" }}
{{ (customer.phone or "") | trim }}
{% if customer.vip %}{{ customer.vip.since }}{% endif %}{{ undefined_thing if undefined_thing is defined else "" }}
{{ meta.anything.at.all }}{{ meta["a"]["b"] }}{{ meta.get("x", {}).y }}
{% set parts = [] %}{% for t in tags %}{% set _ = parts.append(t) %}{% endfor %}{{ parts | join("\n") }}
{{ n | string | length }}{{ lang | length }}{{ f | round(1) }}{{ n | abs }}{{ lang | int + 1 }}
{{ flag | string | lower }}
{{ flag and "yes" or "no" }}{{ "yes" if flag else "no" }}{{ not flag }}{{ n if n else 0 }}
{{ customer.orders[0].lines[0] }}{{ customer.orders | map(attribute="lines") | sum(start=[]) | join }}
{% for batch in docs | batch(2) %}{% for d in batch %}{{ d.title }}{% endfor %}{% endfor %}
"""


@pytest.mark.parametrize("line", LINES.strip().splitlines())
def test_nothing_is_wrong_with(line: str) -> None:
    check(f"{HEADER}{line}\n{EVERY_INPUT}\n")
