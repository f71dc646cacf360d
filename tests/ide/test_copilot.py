"""What an editor shows in GitHub Copilot's files; nothing of it is written for them."""

from __future__ import annotations

from promptls.ide import folds_of, hover_at, links_of, references_at, rename_at, symbols_of, tokens_of
from promptls.ide.completion import documentation_of
from tests.ide.place import completions, labels, place

PROMPT = "-- greet.prompt.md --\n"


def test_keys_are_completed_and_the_old_one_is_not() -> None:
    found = labels(PROMPT + "---\nname: greet\n█\n---\nHello\n")
    assert {"description", "argument-hint", "agent", "model", "tools"} <= set(found)
    assert "mode" not in found
    assert "name" not in found


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
