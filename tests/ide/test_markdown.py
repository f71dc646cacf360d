"""Cards show what files hold; what files hold must not be able to speak Markdown."""

from __future__ import annotations

import pytest

from promptls.ide.markdown import code, escape, fenced, literal, short, value


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("plain words, nothing else.", "plain words, nothing else."),
        ("a *b* _c_ `d`", r"a \*b\* \_c\_ \`d\`"),
        ("<script>", r"\<script\>"),
        ("[x](http://y)", r"\[x\](http://y)"),
        ("a | b", r"a \| b"),
        ("# no heading", r"\# no heading"),
        ("- no list", r"\- no list"),
        ("1. no list", r"1\. no list"),
        ("two\nlines  and\tgaps", "two lines and gaps"),
        ("&amp;", r"\&amp;"),
    ],
)
def test_text_stays_text(text: str, escaped: str) -> None:
    assert escape(text) == escaped


def test_code_outlives_backticks() -> None:
    assert code("a") == "`a`"
    assert code("a`b") == "``a`b``"
    assert code("`a`") == "`` `a` ``"
    assert code("") == "` `"
    assert code("a\nb") == "`a b`"


def test_fences_outlive_fences() -> None:
    assert fenced("```\nx\n```", "jinja") == "````jinja\n```\nx\n```\n````"


def test_values_are_cut() -> None:
    assert value({"name": "Zoë"}) == '`{"name": "Zoë"}`'
    assert len(value("x" * 10_000)) == 82
    assert short("a b " * 100, 10) == "a b a b a…"


def test_a_value_that_holds_itself_many_times_is_cut_as_well() -> None:
    bomb: list[object] = ["x"]
    for _ in range(60):
        bomb = [bomb] * 10
    assert len(literal(bomb)) < 1_000_000
