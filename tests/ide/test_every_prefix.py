"""Whatever is typed, every feature answers, and inside of the text."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping

import pytest

from promptls.ide import (
    MODIFIERS,
    TYPES,
    actions_at,
    complete_at,
    definition_at,
    documentation_of,
    fix_all,
    folds_of,
    highlights_at,
    hover_at,
    links_of,
    references_at,
    renamable_at,
    rename_at,
    selection_at,
    symbols_of,
    tokens_of,
)
from promptls.ide.symbols import Symbol
from promptls.prompt.model import Document
from promptls.rules.engine import findings
from promptls.text import Span
from promptls.text.uris import path_to_uri
from promptls.workspace.files import snapshot_of
from promptls.workspace.snapshot import Snapshot
from tests.shared_files import corpus, needs_shared
from tests.torture.tally import SHARE, share

EXAMPLE = """---
name: support
description: "Answers, with `code` | pipes"
model:
  id: gpt-4o
  connection: {kind: key, apiKey: "${env:OPENAI_API_KEY}"}
inputs:
  # what was bought
  items:
    kind: array
    items: {kind: object, properties: [{name: title, kind: string}, {name: price, kind: float}]}
  customer: {kind: object, default: {name: Zoë, age: 41}}
  tone:
    kind: string
    description: |
      How it sounds.
      In *words*.
template: {format: {kind: jinja2}, parser: {kind: prompty}}
---
system[name=Al]:
You are {{ tone | default("kind") | upper }}. {# nothing
more #}
{% for item in items if item.price > 3 %}
- {{ loop.index }}: {{ item.title }}{% if loop.last %}.{% else %},{% endif %}
{% endfor %}

user:
{% set name = customer.name -%}
Hi 👋 {{ name }} ![pic](cat.png)
"""


def spots(text: str, chance: random.Random, count: int) -> list[int]:
    return sorted(chance.sample(range(len(text) + 1), min(count, len(text) + 1)))


BESIDE = {"cat.png": ""}


def examine(
    text: str, offset: int, chance: random.Random, name: str = "a.prompty", beside: Mapping[str, str] = BESIDE
) -> None:
    snapshot = snapshot_of({name: text, **beside}, ["OPENAI_API_KEY"])
    document = snapshot.document(path_to_uri(f"/work/{name}"))
    assert document is not None
    whole = Span(0, len(text))
    _outline(document, whole)
    _colours(document, whole, chance)
    _at(document, snapshot, offset, whole)
    _names(document, snapshot, offset, whole)


def _outline(document: Document, whole: Span) -> None:
    for symbol in _nested(symbols_of(document), whole):
        assert symbol.name
        assert symbol.span.covers(symbol.name_span)
    starts = set()
    for fold in folds_of(document):
        first, last = document.text.line_at(fold.span.start), document.text.line_at(fold.span.end)
        assert whole.covers(fold.span)
        assert first < last
        assert first not in starts
        starts.add(first)
    assert all(whole.covers(link.span) for link in links_of(document))


def _nested(symbols: tuple[Symbol, ...], outer: Span) -> Iterator[Symbol]:
    for symbol in symbols:
        assert outer.covers(symbol.span)
        yield symbol
        yield from _nested(symbol.children, symbol.span)


def _colours(document: Document, whole: Span, chance: random.Random) -> None:
    tokens = tokens_of(document)
    done = 0
    for token in tokens:
        assert whole.covers(token.span)
        assert done <= token.span.start < token.span.end
        assert document.text.line_at(token.span.start) == document.text.line_at(token.span.end)
        assert token.type in TYPES
        assert set(token.modifiers) <= set(MODIFIERS)
        done = token.span.end
    start, end = sorted((chance.randint(0, whole.end), chance.randint(0, whole.end)))
    part = Span(start, end)
    assert tokens_of(document, part) == tuple(token for token in tokens if token.span.overlaps(part))


def _at(document: Document, snapshot: Snapshot, offset: int, whole: Span) -> None:
    card = hover_at(document, offset, snapshot)
    if card:
        assert whole.covers(card.span)
        assert card.span.touches(offset)
        assert card.markdown
    found = complete_at(document, offset, snapshot)
    for item in found:
        assert item.replace.touches(offset)
        assert document.text.line_at(item.replace.start) == document.text.line_at(item.replace.end)
        document.text.apply([(item.replace, item.text), *((edit.span, edit.text) for edit in item.edits)])
    assert len({item.label for item in found}) == len(found)
    unasked = {item.label for item in complete_at(document, offset, snapshot, asked=False)}
    assert unasked <= {item.label for item in found}
    for item in found[:3]:
        documentation_of(item.data, snapshot)
    known = findings(document, snapshot)
    for action in actions_at(document, Span(offset, offset), snapshot, known):
        assert action.title
        assert action.edits
    document.text.apply((edit.span, edit.text) for edit in fix_all(document, snapshot))


def _names(document: Document, snapshot: Snapshot, offset: int, whole: Span) -> None:
    for location in (*definition_at(document, offset, snapshot), *references_at(document, offset, snapshot)):
        assert location.uri != document.uri or whole.covers(location.span)
    places = [highlight.span for highlight in highlights_at(document, offset, snapshot)]
    assert all(whole.covers(span) for span in places)
    found = renamable_at(document, offset, snapshot)
    if found:
        assert found.span.touches(offset)
        assert found.span.slice(document.text.value) == found.name
        edits = rename_at(document, offset, "quite_another", snapshot)
        after = document.text.apply((edit.span, edit.text) for edit in edits)
        assert after.value.count("quite_another") == len(edits) > 0
    inner = Span(offset, offset)
    for span in selection_at(document, offset):
        assert span.covers(inner)
        assert whole.covers(span)
        inner = span


def test_a_rich_file_cut_anywhere() -> None:
    chance = random.Random(4)
    for end in spots(EXAMPLE, chance, 60):
        examine(EXAMPLE[:end], end, chance)


def test_a_rich_file_with_the_cursor_anywhere() -> None:
    chance = random.Random(5)
    for offset in spots(EXAMPLE, chance, 30):
        examine(EXAMPLE, offset, chance)


def test_a_rich_file_with_any_character_gone() -> None:
    chance = random.Random(6)
    for at in spots(EXAMPLE[1:], chance, 40):
        examine(EXAMPLE[:at] + EXAMPLE[at + 1 :], at, chance)


@pytest.mark.parametrize(
    "text", ["", "\n", "-", "---", "---\n", "---\n---", "---\n---\n", "\ufeff---\nname: x\n---\nhi", "{{"]
)
def test_almost_nothing(text: str) -> None:
    for offset in range(len(text) + 1):
        examine(text, offset, random.Random(1))


@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_other_line_ends(end: str) -> None:
    text = EXAMPLE.replace("\n", end)
    chance = random.Random(7)
    for offset in spots(text, chance, 20):
        examine(text, offset, chance)
        examine(text[:offset], offset, chance)


@needs_shared
def test_real_files_cut_somewhere() -> None:
    chance = random.Random(8)
    for path in chance.sample(corpus(), min(40, len(corpus()))):
        text = path.read_bytes().decode("utf-8", "replace")
        end = chance.randint(0, len(text))
        examine(text[:end], end, chance)
        examine(text, end, chance)


@needs_shared
@pytest.mark.torture
def test_real_files_cut_everywhere() -> None:
    """As `tests/torture` does it through the server, with all its files."""
    chance = random.Random(9)
    for which, path in enumerate(corpus()):
        text = path.read_bytes().decode("utf-8", "replace")
        for end in share(range(len(text) + 1), which, SHARE / 4):
            examine(text[:end], end, chance)
