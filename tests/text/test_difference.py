"""The one replacement between two texts."""

from __future__ import annotations

import random

import pytest

from promptls.text import Span, Text
from promptls.text.difference import difference


@pytest.mark.parametrize(
    ("old", "new", "change"),
    [
        ("same", "same", None),
        ("", "all", (Span(0, 0), "all")),
        ("all", "", (Span(0, 3), "")),
        ("a cat sat", "a dog sat", (Span(2, 5), "dog")),
        ("aa", "aaa", (Span(2, 2), "a")),
        ("abab", "ab", (Span(2, 4), "")),
    ],
)
def test_what_both_begin_and_end_with_stays(old: str, new: str, change: tuple[Span, str] | None) -> None:
    assert difference(old, new) == change


@pytest.mark.parametrize("seed", range(50))
def test_the_change_makes_the_new_text(seed: int) -> None:
    chance = random.Random(seed)
    old, new = ("".join(chance.choices("ab\n", k=chance.randrange(12))) for _ in range(2))
    change = difference(old, new)
    assert (Text(old).apply([change]).value if change else old) == new
