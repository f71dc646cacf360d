"""Columns in three encodings, and edits that must give the text that the editor has, after every step."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from promptls.lsp.positions import ENCODINGS, Change, Place, Positions, apply_changes
from promptls.text import Span, Text

ALPHABETS = {
    "ascii": "ab c{}\n",
    "line ends": "ab\r\n",
    "carriage returns": "a\r",
    "two bytes": "éßñ a\n",
    "three bytes": "漢字かな a\r\n",
    "four bytes": "😀🏳️‍🌈👩‍💻a\n",
    "separators": "a\u2028\u2029\x85\x0b\x0c\x1c\x1d\x1e\n",
    "everything": "a é漢😀\u2028\x85\r\n\t\ud800",
}
UNITS: dict[str, Callable[[str], int]] = {
    "utf-8": lambda text: len(text.encode("utf-8", "surrogatepass")),
    "utf-16": lambda text: len(text.encode("utf-16-le", "surrogatepass")) // 2,
    "utf-32": len,
}


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("alphabet", ALPHABETS)
def test_an_offset_and_its_place_are_the_same_place(alphabet: str, encoding: str) -> None:
    chance = random.Random(f"{alphabet} {encoding}")
    for _ in range(30):
        text = Text("".join(chance.choices(ALPHABETS[alphabet], k=chance.randrange(60))))
        positions = Positions(text, encoding)
        for offset in range(len(text) + 1):
            inside_line_end = offset > 0 and text.value[offset - 1 : offset + 1] == "\r\n"
            shown = offset - 1 if inside_line_end else offset
            line, column = positions.place(offset)
            assert column == UNITS[encoding](text.value[text.line_starts[line] : shown])
            assert positions.offset(line, column) == shown


@pytest.mark.parametrize(
    ("encoding", "column", "offset"),
    [
        ("utf-16", 1, 1),
        ("utf-16", 2, 1),  # in the middle of the pair: before the character
        ("utf-16", 3, 2),
        ("utf-16", 4, 3),
        ("utf-16", 5, 3),
        ("utf-16", 2**31 - 1, 3),
        ("utf-8", 2, 1),
        ("utf-8", 4, 1),
        ("utf-8", 5, 2),
        ("utf-8", 6, 3),
        ("utf-8", 7, 3),
        ("utf-32", 2, 2),
        ("utf-32", 99, 3),
        ("utf-16", -1, 0),
    ],
)
def test_a_column_in_or_past_a_character(encoding: str, column: int, offset: int) -> None:
    assert Positions(Text("a😀b\r\nnext"), encoding).offset(0, column) == offset


@pytest.mark.parametrize(
    ("line", "column", "offset"),
    [(0, 99, 2), (1, 0, 4), (1, 99, 6), (2, 0, 6), (99, 99, 6), (-1, 5, 0)],
)
def test_a_place_past_the_end_is_the_end(line: int, column: int, offset: int) -> None:
    assert Positions(Text("ab\r\ncd"), "utf-16").offset(line, column) == offset


def test_a_span_may_come_with_its_ends_the_other_way_round() -> None:
    positions = Positions(Text("one\ntwo"), "utf-16")
    assert positions.span(Place(1, 1), Place(0, 2)) == Span(2, 5)


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("alphabet", ALPHABETS)
def test_edits_give_the_full_text_after_every_step(alphabet: str, encoding: str) -> None:
    steps(alphabet, encoding, 60)


@pytest.mark.torture
@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("alphabet", ALPHABETS)
def test_edits_give_the_full_text_after_every_of_many_steps(alphabet: str, encoding: str) -> None:
    for seed in range(100):
        steps(alphabet, encoding, 400, seed)


def steps(alphabet: str, encoding: str, count: int, seed: int = 0) -> None:
    """Notifications of one to six changes against the model of `apply_one`: at places in and past the text."""
    chance = random.Random(f"{alphabet} {encoding} {seed}")
    text = Text("".join(chance.choices(ALPHABETS[alphabet], k=chance.randrange(80))))
    expected = text.value
    for _ in range(count):
        changes: list[Change] = []
        for _ in range(chance.randrange(1, 7)):
            new = "".join(chance.choices(ALPHABETS[alphabet], k=chance.choice([0, 0, 1, 2, 9])))
            if chance.random() < 0.03:
                changes.append(Change(None, None, new))
                expected = new
                continue
            lines = expected.count("\n") + expected.count("\r") + 2
            places = [Place(chance.randrange(lines), chance.randrange(12)) for _ in range(2)]
            if chance.random() < 0.9:
                places[1] = Place(places[0].line, places[0].column + chance.randrange(4))
            changes.append(Change(places[0], places[1], new))
            expected = apply_one(expected, places[0], places[1], new, encoding)
        text = apply_changes(text, changes, encoding)
        assert text.value == expected, changes
        assert text.line_starts == Text(expected).line_starts


def apply_one(value: str, start: Place, end: Place, new: str, encoding: str) -> str:
    """One change, done slowly and by the letter of the specification."""
    first, last = sorted(slow_offset(value, place, encoding) for place in (start, end))
    return value[:first] + new + value[last:]


def slow_offset(value: str, place: Place, encoding: str) -> int:
    line, at = 0, 0
    while line < place.line and at < len(value):
        if value[at] == "\n" or (value[at] == "\r" and value[at + 1 : at + 2] != "\n"):
            line += 1
        at += 1
    if line < place.line:
        return len(value)
    start = at
    while at < len(value) and value[at] not in "\r\n" and UNITS[encoding](value[start : at + 1]) <= place.column:
        at += 1
    return at


def test_a_thousand_replacements_in_one_notification() -> None:
    """As an editor sends "replace all", from the end to the start; and as a slower mind would, from the start."""
    lines = [f"line {index} with some words" for index in range(3000)]
    changes = [Change(Place(line, 0), Place(line, 4), "row") for line in range(3000)]
    expected = "\n".join(lines).replace("line", "row")
    for ordered in (changes[::-1], changes):
        assert apply_changes(Text("\n".join(lines)), ordered, "utf-16").value == expected
