"""The tree of a Jinja template: every node in its place, and what is broken does not hide what is not."""

from __future__ import annotations

import re
from random import Random

import pytest

from promptls.syntax.template import analyse, jinja, parse_template
from promptls.syntax.template.jinja import parse_jinja
from promptls.syntax.template.tree import Node
from promptls.text import Span
from tests.shared_files import needs_shared
from tests.syntax.template.jinja_templates import ACCEPTED, REJECTED
from tests.syntax.template.marked import broken, check_tree, corpus_texts, kinds, outline, use_of

LONG = " ".join(ACCEPTED + REJECTED)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a {{ b }} c", "text output text"),
        ("{% if a %}b{% else %}c{% endif %}", "block if(text branch else(text))"),
        ("{% for a in b %}{{ a }}{% endfor %}{# c #}", "block for(output) comment"),
        ("{% raw %}{{ a }}{% endraw %}{% set b = 1 %}", "raw(text) statement set"),
        ("{% cache 5 %}{{ a }}{% endcache %}{% url 'x' %}", "block cache(output) statement url"),
        # broken
        ("{% if a %}{{ b }}", "block if(output)"),
        ("{% if a %}{% for b in c %}{{ b }}{% endif %}d", "block if(block for(output)) text"),
        ("a{% endif %}b{% else %}c", "text error text error text"),
        ("{{ a\nb {{ c }}", "output text output"),
        ("{{ a {{ c }}", "output text output"),
        ("{% if a\nb {% endif %}", "block if(text)"),
        ('{{ "a\nb {{ c }} d "e" {{ f }}', "output text output text output"),
        ('{{ "a }} and "b" {{ c }}', "output text output"),
        ("{# a\n{{ b }}\n{# c #}", "comment text output text comment"),
        ("{# a\n{{ b }}", "comment text output"),
        ("{{ f(a }} {{ b }}", "output text output"),
        ("{{ a %} {{ b }}", "output text output"),
        ("{{ a } {{ b }}", "output text output"),
        ("{{ a\nit's {{ b }}'s", "output text output text"),
        ("{{ user.\nHello {{ b }}", "output text output"),
    ],
)
def test_the_bodies(text: str, expected: str) -> None:
    assert outline(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{{ a", ["unclosed-tag"]),
        ("{{ a. ", ["unclosed-tag"]),
        ("{{ a. }}", ["expected"]),
        ("{{ a b }}", ["trailing"]),
        ("{{ 'a }}", ["open-string"]),
        ("{{ 'a", ["open-string"]),
        ("{{ a $ b }}", ["bad-character"]),
        ("{{ a %}", ["wrong-closer"]),
        ("{% if a %}", ["unclosed-block"]),
        ("{% endif %}", ["stray-close"]),
        ("{% else %}", ["stray-branch"]),
        ("{% foo %}", ["unknown-tag"]),
        ("{{ " + "(" * 100 + "a" + ")" * 100 + " }}", ["too-deep"]),
        ("{% if a %}" * 101 + "{% endif %}" * 101, ["too-deep"]),
        ("{{ a\nit's $5 \"and {{ b }}", ["unclosed-tag"]),
        ("{# a\n{# b #}", ["unclosed-tag"]),
    ],
)
def test_one_mistake_is_one_problem(text: str, expected: list[str]) -> None:
    assert kinds(text) == expected


def test_an_unclosed_block_is_reported_at_its_opener_with_its_end() -> None:
    [problem] = parse_jinja("Hi\n  {% if a %}\n  b\n\n").problems
    assert problem.span == Span(5, 15)
    assert problem.data["end"] == "{% endif %}"
    assert problem.data["at"] == 19
    assert problem.data["insert"] == "\n  {% endif %}"


def test_of_many_unclosed_blocks_the_first_ones_are_reported() -> None:
    problems = [one for one in parse_jinja("{% if a %}\n" * 60).problems if one.kind == "unclosed-block"]
    assert [one.span.start // len("{% if a %}\n") for one in problems] == list(range(10))
    assert {one.message for one in problems[:-1]} == {"`{% if a %}` is not closed"}
    assert problems[-1].message == "`{% if a %}` is not closed, nor is any block in it (50 more)"


def test_the_end_of_a_block_goes_before_the_tag_that_ends_the_outer_one() -> None:
    text = "{% for a in b %}\n  {% if a %}\n  c\n{% endfor %}\n"
    [problem] = parse_jinja(text).problems
    at = problem.data["at"]
    mended = text[:at] + problem.data["insert"] + text[at:]
    assert mended == "{% for a in b %}\n  {% if a %}\n  c\n  {% endif %}\n{% endfor %}\n"
    assert parse_jinja(mended).problems == ()


def test_an_expression_has_the_spans_of_its_parts() -> None:
    text = '{{ user["first name"].x|default("y", boolean=z) }}'
    found = {(node.kind, node.span.slice(text)) for node in parse_jinja(text).root.walk()}
    assert {
        ("filter", 'user["first name"].x|default("y", boolean=z)'),
        ("attribute", 'user["first name"].x'),
        ("item", 'user["first name"]'),
        ("name", "user"),
        ("string", '"first name"'),
        ("keyword", "boolean=z"),
        ("name", "z"),
    } <= found


@pytest.mark.parametrize("dialect", ["jinja", "nunjucks"])
def test_a_tag_that_needs_no_tokens_is_read_as_by_its_tokens(dialect: str, monkeypatch: pytest.MonkeyPatch) -> None:
    inside = [
        "a",
        "not",
        "true",
        "null",
        "None",
        "if",
        "r",
        "_a1",
        "ä",
        "1a",
        "a b",
        "a\n",
        "-a",
        "+ a -",
        "a +",
        "a }",
    ]
    ends = ["if", "for", "set", "block", "block b", "raw", "macro", "each", "x", "", " if", "if -", "for +"]
    texts = [LONG, *ACCEPTED, *REJECTED, "{% set a %}b{% endset %}{% block b %}{% endblock -%}{%- endblock b %}"]
    texts += [f"a{{{{ {one} }}}}b{{{{{one}}}}}{{{{{one} %}}" for one in inside]
    texts += [f"{{% if a %}}b{{% for c in d %}}{{% end{one} %}}{{% end{one}%}}" for one in ends]
    short = [parse_template(dialect, text) for text in texts]
    never = re.compile("(?!)")
    monkeypatch.setattr(jinja, "_NAME_ALONE", never)
    monkeypatch.setattr(jinja, "_END_ALONE", never)
    for text, tree in zip(texts, short, strict=True):
        assert parse_template(dialect, text) == tree, text


def test_what_a_half_typed_tag_leaves_is_kept() -> None:
    for typed in ['{{ "abc', "{# note", "{{ user.", "{% if ", "{{ x | ", "{% for x in ", "{{ f(", "{{ {'a': "]:
        text = f'{{{{ before }}}}\n{typed}\nIt\'s "{{{{ after }}}}" {{# real #}}\n{{{{ last }}}}'
        assert use_of(text, "before")
        assert use_of(text, "after").span.slice(text) == "after", typed
        assert use_of(text, "last")


def test_a_dialect_nobody_knows_is_text() -> None:
    assert outline("a {{ b }}", "nosuch") == "text"


HOSTILE = [
    "{{ a ",
    "\\\\{{",
    "{%if x%}",
    "(",
    '{{ "',
    "{{ \"'",
    '{{ \\"',
    "{# a\n",
    "{# a\r{# b",
    "{% raw %}",
    "{{ [",
    "{{\n",
    "{",
]
HOSTILE += [
    "{%if x%}{%for a in b%}{%endif%}",
    "{%foo%}{%endfoo%}",
    "{% set x = x.y %}",
    "{{ f(a=1, ",
    '{{ "\n}}',
    "{{ x }",
]
CHAINS = [
    "(",
    "[",
    "{ ",
    "a+",
    "a and ",
    "a if ",
    "a if b else ",
    "not ",
    "-",
    "a|f",
    ".b",
    "a is ",
    '"a" ',
    "f(",
    "a[0]",
]


def _read_hostile(length: int) -> None:
    """Nothing raises, and nothing takes quadratic time: with a million characters that would not come to an end."""
    for text in HOSTILE:
        tree = parse_jinja(text * (length // len(text)))
        check_tree(tree)
        analyse(tree, text * (length // len(text)))
    for chain in CHAINS:
        for opener in ("{{ a ", "{% if ", "{% for "):
            text = opener + chain * (length // len(chain))
            tree = parse_jinja(text)
            check_tree(tree)
            analyse(tree, text)


def test_hostile_input_is_read_in_one_go() -> None:
    _read_hostile(6_000)


@pytest.mark.torture
def test_a_million_characters_of_hostile_input() -> None:
    _read_hostile(1_000_000)


def test_every_beginning_has_a_tree() -> None:
    random = Random(3)
    for end in random.sample(range(len(LONG)), 400):
        check_tree(parse_jinja(LONG[max(0, end - 600) : end]))


def test_every_change_has_a_tree() -> None:
    random = Random(4)
    for _ in range(1500):
        check_tree(parse_jinja(broken(random.choice(ACCEPTED), random)))


def test_a_part_of_a_text_reads_like_a_text() -> None:
    random = Random(5)
    before, after = "{{ 'a\\ 1.", "}} %} #} ' \" {% endif %}{% endraw %}"
    for text in [*ACCEPTED, *REJECTED, *(broken(random.choice(ACCEPTED), random) for _ in range(300))]:
        alone = parse_jinja(text)
        part = parse_jinja(before + text + after, Span(len(before), len(before) + len(text)))
        assert part.root == _shifted(alone.root, len(before))
        assert [(one.span, one.message) for one in part.problems] == [
            (one.span.shift(len(before)), one.message) for one in alone.problems
        ]


@needs_shared
def test_real_texts_broken_have_trees() -> None:
    random = Random(6)
    for text in corpus_texts(random, 60):
        for dialect in ("jinja", "mustache"):
            check_tree(parse_template(dialect, broken(text, random)))
            check_tree(parse_template(dialect, text[: random.randint(0, len(text))]))


def _shifted(node: Node, by: int) -> Node:
    return node._replace(
        span=node.span.shift(by),
        name_span=node.name_span and node.name_span.shift(by),
        tag=node.tag and node.tag.shift(by),
        close=node.close and node.close.shift(by),
        head=tuple(_shifted(one, by) for one in node.head),
        body=tuple(_shifted(one, by) for one in node.body),
    )
