"""Cards show what files hold, at a length that fits."""

from __future__ import annotations

from promptls.ide.markdown import literal, short, value


def test_values_are_cut() -> None:
    assert value({"name": "Zoë"}) == '`{"name": "Zoë"}`'
    assert len(value("x" * 10_000)) == 82
    assert short("a b " * 100, 10) == "a b a b a…"


def test_a_value_that_holds_itself_many_times_is_cut_as_well() -> None:
    bomb: list[object] = ["x"]
    for _ in range(60):
        bomb = [bomb] * 10
    assert len(literal(bomb)) < 1_000_000
