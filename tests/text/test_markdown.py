"""What others wrote stands in our Markdown as it is; markdown-it-py, which reads as VS Code does, is the oracle."""

from __future__ import annotations

import random
import re

import pytest
from markdown_it import MarkdownIt

from promptls.text.markdown import code, escape, fenced, sentence

READER = MarkdownIt("gfm-like", {"linkify": False, "html": True})
PIECES = [
    "`",
    "``",
    "```",
    "~~~",
    "*",
    "_",
    "~~",
    "#",
    "- ",
    "1. ",
    "> ",
    "| ",
    "\\",
    "<b>",
    "&amp;",
    "![x](u)",
    "[x]",
    "a",
    " ",
    "\n",
]


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("plain words, nothing else.", "plain words, nothing else."),
        ("a *b* _c_ `d`", r"a \*b\* \_c\_ \`d\`"),
        ("user_name", "user_name"),
        ("<script>", r"\<script\>"),
        ("[x](http://y)", r"\[x\](http://y)"),
        ("a | b", r"a \| b"),
        ("# no heading", r"\# no heading"),
        ("- no list", r"\- no list"),
        ("1. no list", r"1\. no list"),
        ("2) no list", r"2\) no list"),
        ("2026-11-22, 1.5", "2026-11-22, 1.5"),
        ("two\nlines  and\tgaps", "two lines and gaps"),
        ("&amp;", r"\&amp;"),
        ("turned \u202earound", "turned around"),
    ],
)
def test_text_stays_text(text: str, escaped: str) -> None:
    assert escape(text) == escaped


def test_only_the_backticks_of_a_message_are_meant() -> None:
    assert sentence("`a_b` is *not* in\n<b>") == r"`a_b` is \*not\* in \<b\>"
    assert sentence("one ` too many") == r"one \` too many"


def test_code_outlives_backticks() -> None:
    assert code("a") == "`a`"
    assert code("a`b") == "``a`b``"
    assert code("`a`") == "`` `a` ``"
    assert code("") == "` `"
    assert code("a\nb") == "`a b`"


def test_fences_outlive_fences() -> None:
    assert fenced("```\nx\n```", "jinja") == "````jinja\n```\nx\n```\n````"
    assert fenced("\nx\n") == "```text\n\nx\n\n```"


def test_a_reader_of_markdown_finds_what_was_written() -> None:
    rng = random.Random(3)
    for _ in range(3_000):
        written = "".join(rng.choice(PIECES) for _ in range(rng.randint(1, 12)))
        line = re.sub(r"\s+", " ", written)
        assert _words(f"x {escape(written)}") == f"x {line.strip()}".strip(), repr(written)
        assert _words(escape(written)) == line.strip(), repr(written)
        assert _code(f"x {code(written)} y").strip() == line.strip(), repr(written)
        (block,) = READER.parse(fenced(written))
        assert (block.type, block.content) == ("fence", f"{written}\n"), repr(written)


def _words(markdown: str) -> str:
    """The text of a page that is one paragraph without any marks."""
    opening, inline, closing = READER.parse(markdown) or (None, None, None)
    if inline is None:
        return ""
    assert opening is not None
    assert (opening.type, closing is not None) == ("paragraph_open", True), markdown
    assert {child.type for child in inline.children or ()} <= {"text"}, markdown
    return "".join(child.content for child in inline.children or ())


def _code(markdown: str) -> str:
    (inline,) = [token for token in READER.parse(markdown) if token.type == "inline"]
    (found,) = [child.content for child in inline.children or () if child.type == "code_inline"]
    return found
