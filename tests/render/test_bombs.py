"""Templates made to take the machine down: each ends by its limit with a clear sentence, and the next one renders.

The list is the one of sandboxes that failed before us; see also the sandbox notes of jinja2.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from promptls.render import Renderer
from tests.render.bare_system import command

LOOPS = "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}"
PARTIAL = "{{#l}}{{>p}}{{/l}}"

JINJA = {
    "one long range": ("{% for a in range(10**9) %}{% endfor %}", {"value"}),
    "loops in loops": (LOOPS, {"timeout"}),
    "an endless power": ("{{ 9**(9**9) }}", {"timeout", "memory"}),
    "an endless power in a loop": ("{% for a in l %}{{ 9**(9**a) }}{% endfor %}", {"timeout", "memory"}),
    "slices": ("{{ [1]|slice(10**9)|list }}", {"timeout", "memory"}),
    "filler text": ("{{ lipsum(n=10**7) }}", {"undefined"}),
    "a long string": ("{{ 'a'*10**10 }}", {"memory"}),
    "a wide format": ("{{ '%0*d'|format(10**10, 1) }}", {"memory", "value"}),
    "a wide centre": ("{{ 'a'|center(10**10) }}", {"memory"}),
    "a wide str.format": ("{{ '{:10000000000}'.format(1) }}", {"memory"}),
    "a dunder": ("{{ l.__class__.__mro__ }}", {"value"}),
    "changing the input": ("{{ l.append(1) }}", {"value"}),
    "a macro that calls itself": ("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", {"recursion"}),
    "a template that includes itself": ("{% include 'self' %}", {"recursion"}),
    "deep brackets": ("{{ " + "(" * 5000 + "1" + ")" * 5000 + " }}", {"recursion", "crash"}),
    "deep lists": ("{{ " + "[" * 5000 + "]" * 5000 + " }}", {"recursion", "crash"}),
    "deep blocks": ("{% if a %}" * 3000 + "{% endif %}" * 3000, {"recursion", "syntax", "crash"}),
    "much text": ("{% for a in range(99999) %}" + "x" * 100 + "{% endfor %}", {"output"}),
    "much text in one piece": ("{{ 'x' * 2000000 }}", {"output"}),
    "a list that grows": ("{% set n = namespace(x='aa') %}" + "{% set n.x = n.x ~ n.x %}" * 60, {"memory", "timeout"}),
}
MUSTACHE = {
    "a partial that includes itself": ("{{#l}}{{>self}}{{/l}}", {"recursion"}),
    "sections in sections": ("{{#l}}" * 12 + "x" + "{{/l}}" * 12, {"timeout", "memory", "output"}),
    "much text": ("{{#l}}" * 4 + "x" * 1000 + "{{/l}}" * 4, {"output", "timeout"}),
    "deep sections": ("{{#l}}" * 5000 + "{{/l}}" * 5000, {"recursion", "timeout", "memory"}),
}


@pytest.fixture(scope="module")
def renderer() -> Iterator[Renderer]:
    with Renderer() as made:
        yield made


@pytest.mark.parametrize("name", JINJA)
def test_a_jinja_bomb_ends_and_the_next_template_renders(renderer: Renderer, name: str) -> None:
    template, kinds = JINJA[name]
    check(renderer, "jinja", template, kinds)


@pytest.mark.parametrize("name", MUSTACHE)
def test_a_mustache_bomb_ends_and_the_next_template_renders(renderer: Renderer, name: str) -> None:
    template, kinds = MUSTACHE[name]
    check(renderer, "mustache", template, kinds)


def test_where_the_system_limits_nothing_the_memory_is_watched() -> None:
    with Renderer(memory=200 << 20, command=command()) as renderer:
        check(renderer, "jinja", "{{ ('a'*10**8)|list|length }}", {"memory"})


def check(renderer: Renderer, dialect: str, template: str, kinds: set[str]) -> None:
    values = {"l": [9] * 10}
    # Where another limit is to be met first, a busy machine must not make it the deadline.
    renderer.deadline = 0.3 if "timeout" in kinds else 20.0
    rendered = renderer.render(dialect, template, values, templates={"self": template})
    renderer.deadline = 20.0
    assert rendered.error, rendered.text[:100]
    assert rendered.error.kind in kinds, rendered.error
    assert not re.search(r"Error|Traceback|object at|jinja2", rendered.error.message)
    assert len(rendered.text) <= 1 << 20

    # The next one has time: only whether it renders counts here, on a machine that may be busy.
    following = renderer.render("jinja", "alive: {{ l|length }}", values)
    assert (following.text, following.error) == ("alive: 10", None)
