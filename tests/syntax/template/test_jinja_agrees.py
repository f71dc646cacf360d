"""What is valid Jinja, and what it names, is decided by jinja2; the own parser agrees."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest
from jinja2 import Environment, TemplateSyntaxError, meta, nodes

from promptls.syntax.template.analysis_jinja import analyse_jinja
from promptls.syntax.template.jinja import parse_jinja
from tests.shared_files import needs_shared
from tests.syntax.template.jinja_templates import ACCEPTED, REJECTED
from tests.syntax.template.marked import corpus_texts

EXTENSIONS = ["jinja2.ext.do", "jinja2.ext.loopcontrols", "jinja2.ext.i18n", "jinja2.ext.debug"]


@pytest.fixture(scope="module")
def jinja2() -> Environment:
    return Environment(extensions=EXTENSIONS)


@pytest.mark.parametrize("text", ACCEPTED)
def test_a_valid_template_has_no_problem(text: str, jinja2: Environment) -> None:
    jinja2.parse(text)
    assert parse_jinja(text).problems == ()


@pytest.mark.parametrize("text", REJECTED)
def test_an_invalid_template_has_one(text: str, jinja2: Environment) -> None:
    with pytest.raises(TemplateSyntaxError):
        jinja2.parse(text)
    assert parse_jinja(text).problems


@pytest.mark.parametrize("text", [text for text in ACCEPTED if "trans" not in text])
def test_the_names_and_their_lines_are_the_same(text: str, jinja2: Environment) -> None:
    assert _names(text) == _names_by(jinja2, text)


@pytest.mark.parametrize(
    "text",
    [
        "{{ a }}{{ b.c }}{% set a = 1 %}{{ a }}",
        "{% set x = y %}{{ x }}",
        "{% for x in xs %}{{ x.a }}{{ loop.index }}{{ y }}{% else %}{{ x }}{% endfor %}",
        "{% for x in xs if x.ok and z %}{% set q = 1 %}{% endfor %}{{ q }}",
        "{% if a %}{% set q = 1 %}{% endif %}{{ q }}",
        "{% with a = b, c = a %}{{ a }}{{ c }}{% endwith %}{{ c }}",
        "{% macro m(a, b=c) %}{{ a }}{{ b }}{{ caller() }}{{ varargs }}{% endmacro %}{{ m(d) }}{{ caller }}",
        "{% call(u) m() %}{{ u }}{{ v }}{% endcall %}",
        "{% set x %}{{ y }}{% endset %}{{ x }}",
        "{% filter upper %}{{ y }}{% set z = 1 %}{% endfilter %}{{ z }}",
        "{% import 'a' as m %}{% from 'b' import f, g as h %}{{ m.x() }}{{ f() }}{{ g }}{{ h }}",
        "{{ range(3) }}{{ dict(a=1) }}{{ lipsum }}{{ self.b() }}{{ namespace(a=b) }}{{ loop }}",
        "{% set ns = namespace(x=0) %}{% for i in y %}{% set ns.x = ns.x + i %}{% endfor %}{{ ns.x }}",
        "{{ [a, b] }}{{ {c: d} }}{{ e[f] }}{{ g|default(i, boolean=k) }}{{ l is divisibleby(n) }}{{ o if p else q }}",
        "{% for a, (b, c) in d %}{{ a }}{{ b }}{{ c }}{% endfor %}{{ b }}",
        "{% include x %}{% extends y %}{% block b %}{{ z }}{{ super() }}{% endblock %}",
    ],
)
def test_the_undeclared_names_are_the_same(text: str, jinja2: Environment) -> None:
    theirs = meta.find_undeclared_variables(jinja2.parse(text)) - set(jinja2.globals)
    assert _undeclared(text) == theirs


def test_a_macro_may_call_one_that_is_defined_below_it() -> None:
    assert _undeclared("{% macro a() %}{{ b() }}{% endmacro %}{% macro b() %}{% endmacro %}{{ a() }}") == set()


@pytest.mark.parametrize(
    "text",
    [
        "{% set x = 1 %}{% block b %}{{ x }}{% endblock %}",
        "{% set x = 1 %}{% if x %}{% set q = 1 %}{% else %}{% set q = 2 %}{% endif %}{{ q }}",
    ],
)
def test_what_is_always_bound_is_no_input(text: str, jinja2: Environment) -> None:
    """jinja2's own function calls these undeclared, though it renders them without the input."""
    assert _undeclared(text) == set()
    assert meta.find_undeclared_variables(jinja2.parse(text))


@needs_shared
def test_real_templates_agree(jinja2: Environment) -> None:
    seen = Counter[str]()
    for text in corpus_texts(Random(7), 130, longest=100_000):
        try:
            jinja2.parse(text)
        except TemplateSyntaxError:
            seen["rejected"] += 1
            assert parse_jinja(text).problems, text
            continue
        seen["accepted"] += 1
        problems = [problem for problem in parse_jinja(text).problems if problem.data.get("severity") != "warning"]
        assert problems == []
        if "trans" not in text:
            assert _names(text) == _names_by(jinja2, text)
            assert _undeclared(text) == meta.find_undeclared_variables(jinja2.parse(text)) - set(jinja2.globals)
    assert seen["accepted"] > 50


def _names(text: str) -> Counter[tuple[str, int]]:
    # The name of a macro is no node in jinja2's tree.
    found = [node for node in parse_jinja(text).root.walk() if node.kind in ("name", "target")]
    macros = {node.head[0].span for node in parse_jinja(text).root.walk() if node.name == "macro" and node.tag}
    imported = {one.head[0].span for one in parse_jinja(text).root.walk() if one.kind == "import"}
    imported |= {one.head[1].span for one in parse_jinja(text).root.walk() if one.name == "import" and one.tag}
    left = [node for node in found if node.span not in macros | imported]
    return Counter((node.name, _line(text, node.span.start)) for node in left)


def _names_by(jinja2: Environment, text: str) -> Counter[tuple[str, int]]:
    tree = jinja2.parse(text)
    found = Counter((node.name, node.lineno) for node in tree.find_all(nodes.Name))
    # What a namespace attribute is set on is a name for us.
    found.update((node.name, node.lineno) for node in tree.find_all(nodes.NSRef))
    return found


def _line(text: str, offset: int) -> int:
    return text.replace("\r\n", " \n").replace("\r", "\n").count("\n", 0, offset) + 1


def _undeclared(text: str) -> set[str]:
    return {use.path[0] for use in analyse_jinja(parse_jinja(text), text).uses if use.path}
