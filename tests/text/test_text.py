"""Text: lines end where LSP ends them, and offsets survive every trip to line and column and back."""

from __future__ import annotations

import random
from collections.abc import Sequence

import pytest

from promptls.text import Span, Text

ALPHABETS = {
    "ascii": "ab \n",
    "emoji": "a😀👩‍👩‍👧🇩🇪\n",
    "combining": "e\u0301n\u0303\u0308\n",
    "line-separator": "a\u2028\u2029\n",
    "control": "a\x85\x0b\x0c\x1c\x1d\x1e\n",
    "lone-cr": "ab\r",
    "crlf": ("a", "b", "\r\n"),
    "mixed": ("a", "é", "😀", "\u2028", "\x85", "\x0c", "\n", "\r", "\r\n"),
}


def some_text(rng: random.Random, alphabet: Sequence[str], length: int) -> str:
    return "".join(rng.choice(alphabet) for _ in range(length))


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", [""]),
        ("a", ["a"]),
        ("a\n", ["a", ""]),
        ("a\r\nb\rc\nd", ["a", "b", "c", "d"]),
        ("\r\n\r\n", ["", "", ""]),
        ("\n\r", ["", "", ""]),
        ("a\u2028b\u2029c\x85d\x0be\x0cf\x1cg", ["a\u2028b\u2029c\x85d\x0be\x0cf\x1cg"]),
    ],
)
def test_a_line_ends_at_lf_crlf_and_cr_and_at_nothing_else(text: str, lines: list[str]) -> None:
    assert [Text(text).line_text(line) for line in range(Text(text).line_count)] == lines


@pytest.mark.parametrize(
    ("line", "column", "offset"),
    [(0, 0, 0), (0, 2, 2), (0, 3, 2), (0, 99, 2), (1, 0, 4), (1, 99, 5), (2, 0, 5), (99, 0, 5), (-1, 3, 0), (0, -1, 0)],
)
def test_a_place_past_an_end_is_moved_to_that_end(line: int, column: int, offset: int) -> None:
    assert Text("ab\r\nc").offset(line, column) == offset


def test_no_offset_leads_between_the_characters_of_a_crlf() -> None:
    text = Text("ab\r\ncd")
    assert text.place(3) == (0, 2)
    assert text.offset(*text.place(3)) == 2


def test_the_line_end_of_a_text_is_the_one_it_uses_first() -> None:
    assert Text("a\r\nb\n").eol == "\r\n"
    assert Text("a\rb\n").eol == "\r"
    assert Text("a").eol == "\n"


@pytest.mark.parametrize("name", ALPHABETS)
def test_offsets_survive_the_trip_to_a_place_and_back(name: str) -> None:
    rng = random.Random(name)
    for _ in range(60):
        text = Text(some_text(rng, ALPHABETS[name], rng.randrange(40)))
        for offset in range(len(text) + 1):
            inside_crlf = text.value[offset - 1 : offset + 1] == "\r\n" and offset > 0
            assert text.offset(*text.place(offset)) == offset - inside_crlf


@pytest.mark.parametrize("name", ALPHABETS)
def test_lines_and_their_ends_make_up_the_text(name: str) -> None:
    rng = random.Random(name)
    for _ in range(60):
        text = Text(some_text(rng, ALPHABETS[name], rng.randrange(60)))
        starts = [*text.line_starts, len(text)]
        rebuilt = ""
        for line in range(text.line_count):
            span = text.line_span(line)
            end = text.value[span.end : starts[line + 1]]
            assert end in ("\n", "\r\n", "\r") or (end == "" and line == text.line_count - 1)
            assert not set("\r\n") & set(span.slice(text.value))
            rebuilt += span.slice(text.value) + end
        assert rebuilt == text.value


@pytest.mark.parametrize("name", ALPHABETS)
def test_edits_one_after_the_other_make_the_text_that_plain_strings_make(name: str) -> None:
    rng = random.Random(name)
    alphabet = ALPHABETS[name]
    for _ in range(25):
        text = Text(some_text(rng, alphabet, rng.randrange(80)))
        plain = text.value
        for _ in range(20):
            start = rng.randrange(len(plain) + 1)
            end = min(len(plain), start + rng.choice([0, 0, 1, 2, 10]))
            new = some_text(rng, alphabet, rng.randrange(6))
            plain = plain[:start] + new + plain[end:]
            text = text.apply([(Span(start, end), new)])
            assert text.value == plain
            assert text.line_starts == Text(plain).line_starts


@pytest.mark.parametrize("name", ALPHABETS)
def test_edits_of_one_change_are_made_at_once(name: str) -> None:
    rng = random.Random(name)
    for _ in range(60):
        text = Text(some_text(rng, ALPHABETS[name], 40))
        cuts = sorted(rng.sample(range(len(text) + 1), 6))
        edits = [(Span(cuts[at], cuts[at + 1]), some_text(rng, ALPHABETS[name], 3)) for at in (0, 2, 4)]
        plain = text.value
        for span, new in reversed(edits):
            plain = plain[: span.start] + new + plain[span.end :]
        rng.shuffle(edits)
        assert text.apply(edits).value == plain


def test_edits_that_overlap_are_refused() -> None:
    with pytest.raises(ValueError, match="overlap at offset 1"):
        Text("abc").apply([(Span(0, 2), ""), (Span(1, 3), "")])
