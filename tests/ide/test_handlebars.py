"""The editor's features on Handlebars: what each and with change, and what helpers take."""

from __future__ import annotations

import pytest

from promptls.ide.completion import complete_at
from promptls.ide.hover import hover_at
from promptls.ide.rename import RenameRefusedError, rename_at
from promptls.ide.tokens import tokens_of
from promptls.prompt.model import Document
from promptls.workspace.files import snapshot_of
from promptls.workspace.snapshot import Snapshot

HEADER = """---
input:
  schema:
    user:
      name: string
      age: integer
    items(array):
      title: string
      price: number
    tone: string
---
"""


def opened(body: str) -> tuple[Document, int, Snapshot]:
    marked = HEADER + body
    snapshot = snapshot_of({"a.prompt": marked.replace("█", "")}, root="/handlebars")
    document = snapshot.document("file:///handlebars/a.prompt")
    assert document is not None
    return document, marked.find("█"), snapshot


def labels(body: str) -> list[str]:
    return [choice.label for choice in complete_at(*opened(body))]


@pytest.mark.parametrize(
    ("body", "first"),
    [
        ("{{█", ["user", "items", "tone"]),
        ("{{#each █", ["user", "items", "tone"]),
        ("{{#each items}}{{█}}{{/each}}", ["title", "price", "../user"]),
        ("{{#each items}}{{#each this}}{{█}}{{/each}}{{/each}}", ["@root.user"]),
        ("{{#each items}}{{../█}}{{/each}}", ["user", "items", "tone"]),
        ("{{#each items as |it|}}{{it.█}}{{/each}}", ["title", "price"]),
        ("{{#with user}}{{█}}{{/with}}", ["name", "age", "../items"]),
        ("{{@root.user.█}}", ["name", "age"]),
        ("{{#each items}}{{@i█}}{{/each}}", ["@index"]),
        ("{{#█", ["if", "unless", "each", "with", "ifEquals", "unlessEquals"]),
        ("{{#if tone}}{{#each items}}{{/█", ["each"]),
        ("{{#if tone}}{{el█", ["else"]),
        ("{{#if tone}}{{else █", ["if", "unless", "each"]),
        ("{{media █}}", ["url=", "contentType=", "user"]),
        ('{{role "█"}}', ["system", "user", "model", "tool"]),
        ("{{json (l█", ["lookup", "log"]),
    ],
)
def test_the_first_choices(body: str, first: list[str]) -> None:
    assert labels(body)[: len(first)] == first


def test_helpers_stand_where_a_call_may() -> None:
    assert {"role", "history", "media", "json", "lookup"} <= set(labels("{{█}}"))
    assert "role" not in labels("{{json █}}")


def test_a_block_comes_with_its_end() -> None:
    [choice] = [choice for choice in complete_at(*opened("{{#ea█}}")) if choice.label == "each"]
    assert choice.snippet == "each ${1:items}"
    assert [edit.text for edit in choice.edits] == ["{{/each}}"]


@pytest.mark.parametrize(
    ("body", "part"),
    [
        ('{{ro█le "system"}}', "Starts a message"),
        ("{{hist█ory}}", "conversation so far"),
        ("{{#ea█ch items}}{{/each}}", "Repeats what follows"),
        ("{{#each items}}{{@in█dex}}{{/each}}", "number of this item"),
        ("{{#each items}}{{ti█tle}}{{/each}}", "`string`"),
        ("{{#each items}}{{../to█ne}}{{/each}}", "`tone`: input"),
        ("{{#each items}}\n{{/ea█ch}}", "ends `{{#each items}}`"),
        ("{{me█dia url=tone}}", "`contentType`"),
    ],
)
def test_hover(body: str, part: str) -> None:
    card = hover_at(*opened(body))
    assert card is not None
    assert part in card.markdown
    assert "<<<" not in card.markdown


def test_an_input_is_renamed_wherever_the_context_leads_to_it() -> None:
    body = "{{to█ne}}{{#tone}}{{/tone}}{{#each items}}{{../tone}}{{@root.tone}}{{tone}}{{/each}}"
    body += "{{#with user}}{{tone}}{{/with}}"
    document, offset, snapshot = opened(body)
    text = document.text.value
    for edit in reversed(rename_at(document, offset, "style", snapshot)):
        text = text[: edit.span.start] + edit.text + text[edit.span.end :]
    assert text.endswith(
        "{{style}}{{#style}}{{/style}}{{#each items}}{{../style}}{{@root.style}}{{tone}}{{/each}}"
        "{{#with user}}{{tone}}{{/with}}"
    )
    assert "    style: string" in text


@pytest.mark.parametrize("name", ["json", "else", "this", "a b", "1a"])
def test_a_name_that_means_something_else_is_refused(name: str) -> None:
    document, offset, snapshot = opened("{{to█ne}}")
    with pytest.raises(RenameRefusedError):
        rename_at(document, offset, name, snapshot)


def test_this_is_not_renamed() -> None:
    document, offset, snapshot = opened("{{#each items}}{{th█is.title}}{{/each}}")
    with pytest.raises(RenameRefusedError):
        rename_at(document, offset, "it", snapshot)


def test_tokens() -> None:
    document, _, _ = opened("{{#each items as |it|}}{{it.title}}{{@index}}{{json it indent=2}}{{/each}}")
    body = document.body
    assert body is not None
    found = [(token.span.slice(document.text.value), token.type) for token in tokens_of(document, body)]
    assert [one for one in found if one[1] != "operator"] == [
        ("each", "keyword"),
        ("items", "parameter"),
        ("as", "keyword"),
        ("it", "variable"),
        ("it", "variable"),
        ("title", "property"),
        ("@index", "variable"),
        ("json", "function"),
        ("it", "variable"),
        ("indent", "keyword"),
        ("2", "number"),
        ("each", "keyword"),
    ]
