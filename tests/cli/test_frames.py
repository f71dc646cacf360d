"""A frame shows the line and marks the very place, whatever the line is made of."""

from __future__ import annotations

import pytest

from promptls.cli.frames import frame
from promptls.cli.terminal import Piece
from promptls.rules.finding import Finding, Fix, Severity
from promptls.text import Location, Span, Text

ESCAPE = "\x1b[31m"


def shown(text: str, start: int, end: int, *fixes: Fix) -> str:
    location = Location("file:///a", Span(start, end))
    finding = Finding(location, "say so", fixes, Severity.WARNING, "some-code")
    lines = frame("a.prompty", Text(text), finding)
    return "\n".join("".join(piece.text if isinstance(piece, Piece) else piece for piece in line) for line in lines)


def test_the_place_stands_first_and_the_fix_last() -> None:
    fix = Fix("Write `name`", (), preferred=True)
    assert shown("first\nHello {{ nmae }}!\n", 15, 19, Fix("Declare it", ()), fix) == (
        "a.prompty:2:10: warning[some-code]: say so\n"
        "  |\n"
        "2 | Hello {{ nmae }}!\n"
        "  |          ^^^^\n"
        "  = fix: Write `name`\n"
    )


@pytest.mark.parametrize(
    ("line", "marked", "under"),
    [
        ("日本 {{ x }}", "x", "日本 {{ "),
        ("👍🏽 {{ x }}", "x", "👍🏽 {{ "),
        ("e\u0301 {{ x }}", "x", "e\u0301 {{ "),
        ("\t{{ x }}", "x", "    {{ "),
        ("ab\t{{ x }}", "x", "ab  {{ "),
        ("{{ 日本 }}", "日本", "{{ "),
    ],
)
def test_the_mark_is_under_its_text_in_the_columns_of_a_terminal(line: str, marked: str, under: str) -> None:
    from rich.cells import cell_len

    start = line.index(marked)
    _, _, source, mark, _ = shown(line, start, start + len(marked)).split("\n")
    assert mark.index("^") == cell_len("1 | " + under)
    assert mark.count("^") == cell_len(marked)
    assert source.startswith("1 | " + under)


def test_an_empty_span_has_a_mark_of_one_column() -> None:
    assert "1 | abc\n  |    ^\n" in shown("abc\n", 3, 3)
    assert "2 |\n  | ^\n" in shown("abc\n", 4, 4)


def test_of_a_longer_span_the_first_line_is_shown() -> None:
    assert shown("one\ntwo\nthree\n", 1, 10).splitlines()[2:5] == ["1 | one", "  |  ^^", "  | … to line 3"]


def test_of_a_long_line_the_part_around_the_mark_is_shown() -> None:
    text = "x" * 5000 + " here " + "y" * 5000
    _, _, source, mark, _ = shown(text, 5001, 5005).split("\n")
    assert len(source) < 130
    assert source[mark.index("^") : mark.rindex("^") + 1] == "here"
    assert source.count("…") == 2


def test_a_file_cannot_write_to_the_terminal() -> None:
    out = shown(f"a{ESCAPE}\u202eb\x07 c\n", 0, 1)
    assert "\x1b" not in out
    assert "\u202e" not in out
    assert "\x07" not in out
    assert "1 | a□[31m□b□ c" in out
