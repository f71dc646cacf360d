"""Marks in a rendered text, followed through a format's own cutting of it into messages."""

from __future__ import annotations

from promptls.prompt.message import Message, Part
from promptls.render.marks import CLOSE, FIRST_OPEN
from promptls.render.pieces import pieces_of, with_marks
from promptls.render.segments import Segment

OPEN = [chr(FIRST_OPEN + number) for number in range(4)]


def literal(text: str) -> Segment:
    return Segment("literal", text)


def value(text: str, source: str = "x") -> Segment:
    return Segment("interp", text, source)


def message(*texts: str, role: str = "user") -> Message:
    return Message(role, tuple(Part("text", text) for text in texts))


def test_values_are_marked_unless_they_make_a_role_line() -> None:
    segments = [literal("Hi "), value("Ada"), literal("\n"), value("user"), literal(":\n"), value("Bo"), literal("\n")]
    assert with_marks(segments) == f"Hi {OPEN[0]}Ada{CLOSE}\nuser:\n{OPEN[2]}Bo{CLOSE}\n"


def test_a_text_with_private_characters_is_not_marked() -> None:
    assert with_marks([literal(OPEN[0]), value("x")]) == ""
    assert with_marks([literal("x")]) == ""


def test_a_value_may_reach_from_one_message_into_the_next() -> None:
    plain = [message("a b"), message("c d")]
    marked = [message(f"a {OPEN[0]}b"), message(f"c{CLOSE} d")]
    assert pieces_of(plain, marked, [value("b\nuser:\nc")]) == (
        ((literal("a "), value("b")),),
        ((value("c"), literal(" d")),),
    )


def test_blanks_that_were_cut_off_are_cut_off_the_pieces() -> None:
    found = pieces_of([message("Ada!")], [message(f"{OPEN[0]}  Ada{CLOSE}!")], [value("  Ada")])
    assert found == (((value("Ada"), literal("!")),),)


def test_a_message_of_marks_alone_is_none() -> None:
    marked = [message("a"), message(f"{OPEN[0]}{CLOSE}")]
    assert pieces_of([message("a")], marked, [value("")]) == (((literal("a"),),),)


def test_other_messages_than_without_marks_are_not_told_apart() -> None:
    marked = [message(f"{OPEN[0]}a{CLOSE}", role="system")]
    assert pieces_of([message("a")], marked, [value("a")]) == (((literal("a"),),),)
    other = [message(f"{OPEN[0]}b{CLOSE}")]
    assert pieces_of([message("a")], other, [value("b")]) == (((literal("a"),),),)


def test_long_lines_of_blanks_take_no_time() -> None:
    assert with_marks([literal(" " * 300_000 + "#" + " " * 300_000), value("x")]).endswith(CLOSE)
