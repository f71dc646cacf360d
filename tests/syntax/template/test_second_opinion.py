"""jinja2's own verdict, where the tolerant parser has nothing to say."""

from __future__ import annotations

from promptls.syntax.problem import Problem
from promptls.syntax.template import parse_template
from promptls.syntax.template.second_opinion import LONGEST, second_opinion
from promptls.text import Span


def _second(text: str, span: Span | None = None, dialect: str = "jinja") -> tuple[Problem, ...]:
    return second_opinion(parse_template(dialect, text, span), text)


def test_it_finds_what_the_parser_leaves_out() -> None:
    text = "Hi\n{% trans %}a{% pluralize %}b{% endtrans %}\n"
    [problem] = _second(text)
    assert (problem.code, problem.kind) == ("template-syntax", "jinja2")
    assert problem.span.slice(text) == "{% trans %}a{% pluralize %}b{% endtrans %}"


def test_the_only_tag_of_the_line_is_marked() -> None:
    text = "Hi {% trans a, %}\nb{% pluralize c %}\nd{% endtrans %}"
    [problem] = _second(text)
    assert problem.span.slice(text) in ("{% trans a, %}", "{% pluralize c %}")


def test_lines_count_from_the_start_of_the_part() -> None:
    text = "a\nb\n{% trans a, %}x{% endtrans %}"
    [problem] = _second(text, Span(4, len(text)))
    assert problem.span.start >= 4


def test_it_says_nothing_where_nothing_is_wrong_or_the_parser_spoke() -> None:
    assert _second("{{ a }}") == ()
    assert _second("{{ a") == ()
    assert _second("plain") == ()
    assert _second("{{a b}}", dialect="mustache") == ()


def test_it_is_not_asked_about_long_templates() -> None:
    assert _second("{% trans %}a{% pluralize %}b{% endtrans %}" + " " * LONGEST) == ()
