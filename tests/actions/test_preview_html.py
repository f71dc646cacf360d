"""The page of a preview: nothing in it runs or loads, everything in it can be read."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping
from html.parser import HTMLParser
from typing import Any

import pytest

from promptls.actions.preview import Piece, Preview, PreviewMessage, PreviewProblem, Tokens, to_html
from promptls.actions.preview.style import DARK, LIGHT, ROLES
from promptls.prompt.message import Part
from promptls.prompt.model import Tool
from promptls.text import Span

EVIL = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'&</div></mark>"


def page(*pieces: Piece, nonce: str = "", others: tuple[Preview, ...] = (), **more: Any) -> str:
    return to_html(made(*pieces, **more), nonce=nonce, others=others)


def made(*pieces: Piece, role: str = "user", **more: Any) -> Preview:
    message = PreviewMessage(role, (Part("text", "x"),), pieces or (Piece("text", "Hi"),), Tokens(5), 3, 30)
    given: dict[str, Any] = {"messages": (message,), "tokens": Tokens(5), **more}
    return Preview("file:///a.prompty", 1, given.pop("title", "greet"), **given)


class Tags(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        if tag not in ("meta", "img", "input"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def names(self) -> set[str]:
        return {tag for tag, _ in self.found}


def test_everything_is_escaped() -> None:
    problem = PreviewProblem(EVIL, "error", "x", Span(0, 1), 0)
    text = page(
        Piece("text", EVIL),
        Piece("value", EVIL, EVIL, Span(0, 1), 3),
        Piece("hole", "", EVIL, Span(0, 1), 3),
        Piece("image", EVIL),
        Piece("image", "https://example.com/" + EVIL),
        Piece("image", 'data:image/png;base64,AA"onload=x'),
        Piece("image", "javascript:alert(1)"),
        role=EVIL,
        title=EVIL,
        description=EVIL,
        samples=(EVIL,),
        sample=1,
        holes=(EVIL,),
        refused=(EVIL,),
        model=EVIL,
        problems=(problem,),
        tools=(Tool(EVIL, EVIL, {EVIL: EVIL}),),
        output={EVIL: EVIL},
        wire=EVIL,
    )
    tags = Tags(text)
    assert not tags.open
    assert not tags.names() & {"script", "img", "link", "iframe", "form", "object"}
    assert not [name for _, attributes in tags.found for name in attributes if name.startswith("on") or name == "style"]
    links = [attributes["href"] for tag, attributes in tags.found if tag == "a"]
    assert [link for link in links if link and not link.startswith("https://example.com/")] == []


def policy(text: str) -> str:
    return next(
        attributes["content"] or ""
        for tag, attributes in Tags(text).found
        if tag == "meta" and "http-equiv" in attributes
    )


def test_the_policy_lets_in_nothing_but_the_page_itself() -> None:
    text = page()
    style = re.search(r"<style>(.*?)</style>", text, re.DOTALL)
    assert style is not None
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    assert policy(text) == (
        f"default-src 'none'; img-src data:; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    )
    assert "url(" not in style[1]
    assert "@import" not in style[1]


def test_only_a_page_for_an_editor_has_a_script_and_the_way_back() -> None:
    value = Piece("value", "Ada", "name", Span(40, 50), 7)
    plain, live = page(value), page(value, nonce="abc123==")
    assert "script" not in Tags(plain).names()
    assert "data-line" not in plain.partition("</style>")[2]
    assert "script-src 'nonce-abc123=='" in policy(live)
    marks = [attributes for tag, attributes in Tags(live).found if tag == "mark" and "data-line" in attributes]
    assert marks == [{"title": "name · line 8", "data-line": "7", "data-offset": "40", "role": "link", "tabindex": "0"}]


@pytest.mark.parametrize("nonce", ["a'b", 'a"b', "a b", "a;b", "a" * 300])
def test_a_nonce_cannot_change_the_policy(nonce: str) -> None:
    with pytest.raises(ValueError, match="a nonce is"):
        page(nonce=nonce)


def test_only_pictures_that_are_in_the_prompt_are_shown() -> None:
    inside = page(Piece("image", "data:image/png;base64,iVBORw0KGgo="))
    assert "img" in Tags(inside).names()
    outside = Tags(page(Piece("image", "https://example.com/a.png")))
    assert "img" not in outside.names()
    assert ("a", {"href": "https://example.com/a.png", "rel": "noopener noreferrer"}) in outside.found


def test_an_editor_gets_buttons_for_the_samples_and_a_file_all_samples_in_one_page() -> None:
    samples = ("in the file", "a.sample.yaml")
    live = Tags(page(nonce="abc", samples=samples, sample=2))
    assert [attributes.get("data-sample") for tag, attributes in live.found if tag == "button"] == ["1", "2", None]
    others = tuple(made(Piece("text", f"Hi {number}"), samples=samples, sample=number) for number in (1, 2))
    text = to_html(others[1], others=others)
    inputs = [attributes for tag, attributes in Tags(text).found if tag == "input"]
    assert ["checked" in attributes for attributes in inputs] == [False, True]
    assert "Hi 1" in text
    assert "Hi 2" in text


def test_characters_that_no_page_can_hold_are_shown() -> None:
    text = page(Piece("text", "a\0b\x1bc\ud800d"))
    assert "a␀b␛c\ufffdd" in text
    text.encode("utf-8")


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_every_text_has_the_contrast_to_be_read(colours: Mapping[str, str]) -> None:
    """WCAG 2.2, level AA: 4.5 to 1."""
    pairs = [("ink", "page"), ("ink", "card"), ("ink", "code"), ("quiet", "page"), ("quiet", "card"), ("page", "ink")]
    pairs += [(name, f"{name}-back") for name in ("value", "hole", "error", "warning", "information")]
    pairs += [(role, "card") for role in {*ROLES.values(), "other"}]
    poor = {pair: contrast(colours[pair[0]], colours[pair[1]]) for pair in pairs}
    assert {pair: ratio for pair, ratio in poor.items() if ratio < 4.5} == {}


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
