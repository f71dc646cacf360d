"""Semantic tokens of which only the difference is sent: what the client makes of it is what it would be sent whole."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

import pytest

from promptls.text import Text
from tests.lsp.frames import Server, profile, server
from tests.lsp.test_documents import GOOD, change

FULL, DELTA = "textDocument/semanticTokens/full", "textDocument/semanticTokens/full/delta"
PIECES = (
    "{{ name }}",
    "{% if name %}",
    "{% endif %}",
    "word ",
    "\n",
    "user:\n",
    '"',
    "{{",
    "}}",
    "😀",
    "# x",
    "a: 1\n",
)


@pytest.fixture(scope="module", params=["vscode", "neovim"])
def editor(request: pytest.FixtureRequest) -> Iterator[Server]:
    with server() as one:
        offered = one.start(**profile(request.param))
        assert offered["semanticTokensProvider"]["full"] == {"delta": True}
        yield one
        assert one.stop() == 0


def about(uri: str, **more: Any) -> dict[str, Any]:
    return {"textDocument": {"uri": uri}, **more}


def applied(numbers: list[int], edits: list[Any]) -> list[int]:
    """The numbers after the edits, all of which are meant for the numbers before."""
    for edit in sorted(edits, key=lambda edit: -edit["start"]):
        end = edit["start"] + edit["deleteCount"]
        assert 0 <= edit["start"] <= end <= len(numbers)
        numbers = numbers[: edit["start"]] + edit.get("data", []) + numbers[end:]
    return numbers


def test_the_difference_makes_the_same_numbers_as_the_whole(editor: Server) -> None:
    uri, text = "file:///tmp/deltas.prompty", GOOD
    chance = random.Random(11)
    editor.open(uri, text)
    answer = editor.result(FULL, about(uri))
    numbers, sent = answer["data"], 0
    for version in range(2, 60):
        start = chance.randrange(len(text) + 1)
        end = min(len(text), start + chance.choice((0, 0, 1, 4, 30)))
        text = text[:start] + chance.choice(PIECES) + text[end:]
        editor.send(change(uri, version, {"text": text}))
        answer = editor.result(DELTA, about(uri, previousResultId=answer["resultId"]))
        numbers = applied(numbers, answer["edits"])
        sent += sum(len(edit.get("data", [])) for edit in answer["edits"])
        whole = editor.result(FULL, about(uri))
        assert whole["data"] == numbers
        assert whole["resultId"] == answer["resultId"], "the same answer has the same name"
    assert sent < 59 * len(numbers) / 2
    editor.notify("textDocument/didClose", about(uri))


def test_nothing_changed_is_no_edit(editor: Server) -> None:
    uri = "file:///tmp/same.prompty"
    editor.open(uri, GOOD)
    first = editor.result(FULL, about(uri))
    assert editor.result(DELTA, about(uri, previousResultId=first["resultId"])) == {
        "edits": [],
        "resultId": first["resultId"],
    }
    editor.notify("textDocument/didClose", about(uri))


def test_an_unknown_name_is_answered_whole(editor: Server) -> None:
    uri = "file:///tmp/unknown.prompty"
    editor.open(uri, GOOD)
    whole = editor.result(DELTA, about(uri, previousResultId="of an older session"))
    assert whole["data"]
    editor.send(change(uri, 2, {"text": GOOD + "{{ name }}"}))
    first = whole["resultId"]
    second = editor.result(DELTA, about(uri, previousResultId=first))
    assert second["edits"]
    assert "data" in editor.result(DELTA, about(uri, previousResultId=first)), "only the last answer is kept"
    editor.notify("textDocument/didClose", about(uri))
    editor.open(uri, GOOD)
    assert "data" in editor.result(DELTA, about(uri, previousResultId=second["resultId"]))
    editor.notify("textDocument/didClose", about(uri))


def test_what_is_not_open_is_answered_and_not_kept(editor: Server) -> None:
    assert editor.result(DELTA, about("file:///tmp/nobody-has-this.prompty", previousResultId="x")) is None


def test_a_very_large_answer_is_not_kept(editor: Server) -> None:
    uri = "file:///tmp/very-large.prompty"
    editor.open(uri, GOOD + "{{ a + a }}\n" * 20_000)
    answer = editor.result(FULL, about(uri))
    assert len(answer["data"]) > 200_000
    assert "resultId" not in answer
    editor.notify("textDocument/didClose", about(uri))


def test_a_client_that_cannot_use_it_gets_no_name() -> None:
    uri = "file:///tmp/plain.prompty"
    with server() as one:
        assert one.start()["semanticTokensProvider"]["full"] is True
        one.open(uri, GOOD)
        assert set(one.result(FULL, about(uri))) == {"data"}
        assert set(one.result(DELTA, about(uri, previousResultId="x"))) == {"data"}
        assert one.stop() == 0


def test_a_token_is_where_it_was_meant_to_be(editor: Server) -> None:
    """Line by line: the word under each token, from the numbers alone."""
    uri = "file:///tmp/words.prompty"
    editor.open(uri, GOOD)
    numbers = editor.result(FULL, about(uri))["data"]
    line = column = 0
    words = []
    for at in range(0, len(numbers), 5):
        column = numbers[at + 1] + (column if numbers[at] == 0 else 0)
        line += numbers[at]
        words.append(Text(GOOD).line_text(line)[column : column + numbers[at + 2]])
    assert words[:2] == ["name", "greet"]
    assert words[-3:] == ["{{", "name", "}}"]
    editor.notify("textDocument/didClose", about(uri))
