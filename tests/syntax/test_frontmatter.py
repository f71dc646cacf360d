"""Front matter: split where the loader splits, and helpfully where the loader gives up."""

from __future__ import annotations

import pytest

from promptls.syntax.frontmatter import FrontMatter, split_lines, split_unanchored


def parts(text: str, front: FrontMatter) -> tuple[str | None, str]:
    return front.header and front.header.slice(text), front.body.slice(text)


def kinds(front: FrontMatter) -> list[tuple[str, str]]:
    return [(problem.code, problem.kind) for problem in front.problems]


@pytest.mark.parametrize(
    ("text", "header", "body"),
    [
        ("---\nname: a\n---\nuser:\nhi\n", "\nname: a\n", "user:\nhi\n"),
        ("\n  ---\nname: a\n  ---\n\n\n  hi", "\nname: a\n  ", "hi"),
        ("---\r\nname: a\r\n---\r\nhi\r\n", "\r\nname: a\r\n", "hi\r\n"),
        ("+++\nname: a\n+++\nhi", "\nname: a\n", "hi"),
        ("---\nname: a\n+++\nhi", "\nname: a\n", "hi"),
        ("------\nhi", "", "hi"),
        ("---\nname: a\n---\n", "\nname: a\n", "\n"),
        ("---\nname: a\n---\n\n\n", "\nname: a\n", "\n"),
        ("no header\n---\nat: all\n---\nhi", None, "no header\n---\nat: all\n---\nhi"),
        ("", None, ""),
    ],
)
def test_prompty_splits_at_the_first_fence_behind_the_opener(text: str, header: str | None, body: str) -> None:
    front = split_unanchored(text)
    assert parts(text, front) == (header, body)
    assert kinds(front) == []


def test_prompty_1_takes_an_opener_on_any_line() -> None:
    text = "notes\n\n  ---\nname: a\n---\nhi"
    assert parts(text, split_unanchored(text, anywhere=True)) == ("\nname: a\n", "hi")


@pytest.mark.parametrize(
    ("text", "kind", "header"),
    [
        ("---\ndescription: uses --- dashes\nname: a\n---\nhi", "value", "\ndescription: uses "),
        ("---\n# --- model ---\nname: a\n---\nhi", "comment", "\n# "),
        ("---\ntext: |\n  a\n  ---\n  b\nname: a\n---\nhi", "block", "\ntext: |\n  a\n  "),
        ("---\nname: a\n-----\nhi", "longer", "\nname: a\n"),
        ("---\nname: a+++b\n---\nhi", "value", "\nname: a"),
    ],
)
def test_a_fence_that_was_not_meant_as_one_is_told(text: str, kind: str, header: str) -> None:
    front = split_unanchored(text)
    assert kinds(front) == [("front-matter-cut-short", kind)]
    assert front.header is not None
    assert front.header.slice(text) == header
    problem = front.problems[0]
    assert problem.span == front.closer
    assert problem.data["line"].covers(problem.span)
    if kind != "longer":
        assert problem.data["closer"].slice(text) == "---"
        assert problem.data["closer"].start == text.rindex("---")


def test_the_value_that_holds_the_fence_is_named() -> None:
    text = "---\ninputs:\n  - description: uses --- dashes\n---\nhi"
    assert split_unanchored(text).problems[0].data["value"].slice(text) == "uses --- dashes"


@pytest.mark.parametrize(
    "text",
    [
        "---\nname: a\n---\n# One\n\n---\n\n# Two\n",
        "---\nname: a\n---\nname: b\n\nSome prose\n---\nmore",
        "---\nname: a\n--- \nhi\n---\n",
        "  ---\n  name: a\n  ---\n  hi\n",
        "---\nname: a\n--- hi there\nprose\n---\nx",
    ],
)
def test_a_rule_in_the_template_is_no_second_closer(text: str) -> None:
    assert kinds(split_unanchored(text)) == []


@pytest.mark.parametrize(
    ("text", "header", "body"),
    [
        ("---\nname: a\n", "\nname: a\n", ""),
        ("---\nname: a\nde", "\nname: a\nde", ""),
        ("---\nname: a\n\n", "\nname: a\n\n", ""),
        ("---\nname: a\nuser:\nhi", "\nname: a\n", "user:\nhi"),
        ("---\nname: a\ninputs:\n- x\n\nuser:\nhi", "\nname: a\ninputs:\n- x\n", "user:\nhi"),
        ("---\nname: a\nYou are kind.\nmore: x", "\nname: a\n", "You are kind.\nmore: x"),
        ("---\nname: a\n\n# Task\nDo it", "\nname: a\n", "# Task\nDo it"),
        (
            "---\n# about\nname: a\nhel\nmodel:\n  id: x\n\n{{ q }}",
            "\n# about\nname: a\nhel\nmodel:\n  id: x\n",
            "{{ q }}",
        ),
        ("---", "", ""),
    ],
)
def test_an_unclosed_header_ends_where_it_stops_to_look_like_yaml(text: str, header: str, body: str) -> None:
    front = split_unanchored(text)
    assert parts(text, front) == (header, body)
    assert kinds(front) == [("front-matter-unclosed", "")]
    assert front.closer is None
    assert front.header is not None
    assert front.problems[0].data["at"] == front.header.end


def test_a_closer_with_nothing_behind_it_is_no_closer_to_the_loader() -> None:
    front = split_unanchored("---\nname: a\n---")
    assert parts("---\nname: a\n---", front) == ("\nname: a\n", "")
    assert kinds(front) == [("front-matter-unclosed", "no-body")]


def test_a_byte_order_mark_is_told_and_looked_past() -> None:
    text = "\ufeff---\nname: a\n---\nhi"
    front = split_unanchored(text)
    assert parts(text, front) == ("\nname: a\n", "hi")
    assert front.bom
    assert kinds(front) == [("byte-order-mark", "")]
    assert front.problems[0].span == (0, 1)


@pytest.mark.parametrize(
    ("text", "header", "body"),
    [
        ("---\nname: a\n---\nhi\n", "name: a\n", "hi\n"),
        ("---\nd: uses --- dashes\n---\nhi\n", "d: uses --- dashes\n", "hi\n"),
        ("---\nt: |\n  ---\nn: ----\n---  \n\nhi", "t: |\n  ---\nn: ----\n", "\nhi"),
        ("---\r\nname: a\r\n---\r\nhi", "name: a\r\n", "hi"),
        ("---\rname: a\r---\rhi", "name: a\r", "hi"),
        ("---\n---", "", ""),
        (" ---\nname: a\n---\nhi", None, " ---\nname: a\n---\nhi"),
        ("----\nname: a\n---\nhi", None, "----\nname: a\n---\nhi"),
        ("", None, ""),
    ],
)
def test_other_formats_split_at_lines(text: str, header: str | None, body: str) -> None:
    front = split_lines(text)
    assert parts(text, front) == (header, body)
    assert kinds(front) == []


def test_lines_that_are_never_closed_are_told_as_well() -> None:
    text = "---\nname: a\n\nHello there\n"
    front = split_lines(text)
    assert parts(text, front) == ("name: a\n", "Hello there\n")
    assert kinds(front) == [("front-matter-unclosed", "")]


def test_hostile_text_is_split_in_one_pass() -> None:
    for text in ("---\n" * 100_000, " \n" * 100_000 + "x", "+++" * 100_000, "---" + " \n" * 100_000, "-" * 300_000):
        for front in (split_unanchored(text), split_unanchored(text, anywhere=True), split_lines(text)):
            assert front.body.end == len(text)
