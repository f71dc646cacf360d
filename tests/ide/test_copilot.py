"""What an editor shows in GitHub Copilot's files; nothing of it is written for them."""

from __future__ import annotations

import random

import pytest

from promptls import formats
from promptls.ide import folds_of, hover_at, links_of, references_at, rename_at, symbols_of, tokens_of
from promptls.ide.completion import documentation_of
from tests.ide.place import completions, labels, place
from tests.ide.test_every_prefix import examine
from tests.shared_files import corpus, needs_shared

PROMPT = "-- greet.prompt.md --\n"


def test_keys_are_completed_and_the_old_one_is_not() -> None:
    found = labels(PROMPT + "---\nname: greet\n█\n---\nHello\n")
    assert {"description", "argument-hint", "agent", "model", "tools"} <= set(found)
    assert not {"mode", "applyTo", "name"} & set(found)


def test_a_new_file_is_offered_whole() -> None:
    (item,) = completions(PROMPT + "█")
    assert item.detail == "a new Copilot prompt file"


def test_placeholders_are_completed() -> None:
    items = completions(PROMPT + "Say ${input:word} ${█")
    assert [item.label for item in items][:3] == ["input:word", "input:", "selection"]
    assert items[0].text == "input:word}"
    assert items[1].snippet == "input:${1:name}}$0"
    known = place(PROMPT + "Say ${input:word} ${sel█}")
    chosen = next(item for item in completions(PROMPT + "Say ${input:word} ${sel█}") if item.label == "selection")
    assert chosen.text == "selection"
    assert "selected in the editor" in documentation_of(chosen.data, known.snapshot)
    assert labels(PROMPT + "Say ${input:word:█}") == []


TREE = "\n-- docs/rules.md --\n-- docs/in/a.md --\n-- docs/two words.md --\n-- rules.md --\n"


@pytest.mark.parametrize("name", ["a.prompt.md", "b.instructions.md", "c.agent.md"])
@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("See #file:█", [("docs/", "docs/"), ("rules.md", "rules.md")]),
        ("See #file:docs/r█ and", [("rules.md", "rules.md")]),
        ("See [the rules](█)", [("docs/", "docs/"), ("rules.md", "rules.md")]),
        ("See [the rules](./docs/█) and [more](rules.md)", [("in/", "in/"), ("rules.md", "rules.md")]),
        ("See [the rules](ru█", [("rules.md", "rules.md)")]),
        ('See [the rules](ru█ "Rules")', [("rules.md", "rules.md")]),
        ("See [the rules](rules.md#█)", []),
        ("See [the rules](https://█)", []),
        ("See [the rules](/█)", []),
        ("See ![a picture](█)", []),
        ("`[code](█)`", []),
        ("```\n[code](█)\n```", []),
        ("See #tool:█", []),
        ("See (█)", []),
    ],
)
def test_files_that_the_text_can_name_are_offered(name: str, line: str, found: list[tuple[str, str]]) -> None:
    items = completions(f"-- {name} --\n---\nname: a\n---\n{line}{TREE}")
    assert [(item.label, item.text) for item in items if item.label != name] == found


def test_an_input_is_explained_found_and_renamed() -> None:
    source = PROMPT + "Say ${input:wo█rd:What to say}, ${input:word}!\n"
    card = hover_at(*place(source))
    assert card is not None
    assert "What to say" in card.markdown
    assert len(references_at(*place(source))) == 2
    document, offset, snapshot = place(source)
    edits = rename_at(document, offset, "term", snapshot)
    assert document.text.apply((edit.span, edit.text) for edit in edits).value == (
        "Say ${input:term:What to say}, ${input:term}!\n"
    )


def test_a_variable_of_the_editor_is_explained() -> None:
    card = hover_at(*place(PROMPT + "About ${selec█tion}\n"))
    assert card is not None
    assert "The text that is selected in the editor." in card.markdown


def test_links_outline_folds_and_tokens() -> None:
    source = PROMPT + "---\nname: a\n---\n# One\n[b](b.md)\n\n## Two\nx ${file}\ny\n-- b.md --\n"
    document, _, snapshot = place(source)
    assert [link.span.slice(document.text.value) for link in links_of(document, snapshot)] == ["b.md"]
    assert [symbol.name for symbol in symbols_of(document)] == ["name", "One", "Two"]
    assert [document.text.line_at(fold.span.start) for fold in folds_of(document)] == [0, 3, 6]
    shown = {token.span.slice(document.text.value): token.type for token in tokens_of(document)}
    assert (shown["b.md"], shown["file"]) == ("namespace", "variable")


RICH = """\
---
name: review
description: 'Looks for mistakes: all of them'
mode: agent
tools: [search, "github/*"]
model:
  - GPT-5 mini
  - Claude Sonnet 4.5 (copilot)
argument-hint: Review: which file?
---
# Review ${input:file:Which file?}

Follow [the rules](docs/rules.md#names) and #file:docs/gone.md, with #tool:search/code. 👋

```sh
echo ${HOME} [no](link.md)
```

## ${selection} and ${input:file}

<!-- promptls: ignore[missing-file] -->
[gone](gone.md) ![picture](gone.png) ${input:
"""
BESIDE = {"docs/rules.md": ""}


@pytest.mark.parametrize("name", ["a.prompt.md", "a.instructions.md", "a.agent.md"])
def test_whatever_is_typed_every_feature_answers(name: str) -> None:
    chance = random.Random(name)
    for end in chance.sample(range(len(RICH) + 1), 40):
        examine(RICH[:end], end, chance, name, BESIDE)
        examine(RICH, end, chance, name, BESIDE)
    for text in ("", "---", "---\n", "---\n---", "\ufeff" + RICH, RICH.replace("\n", "\r\n"), RICH.replace("\n", "\r")):
        examine(text, len(text), chance, name, BESIDE)


@needs_shared
def test_real_files_cut_anywhere() -> None:
    chance = random.Random(11)
    files = [path for path in corpus("**/*.md") if formats.is_prompt_file(path.name)]
    assert len(files) == 11
    for path in files:
        text = path.read_text("utf-8")
        for end in chance.sample(range(len(text) + 1), 8):
            examine(text[:end], end, chance, path.name)
