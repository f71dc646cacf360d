"""Partials in the editor: what they are, which there are, where they lead."""

from __future__ import annotations

from promptls.ide.completion import documentation_of
from promptls.ide.definition import definition_at
from promptls.ide.links import links_of
from tests.ide.place import completions, hover, place

OTHERS = """
-- _card.prompt --
---
description: A card for a guest
---
Dear {{title}} {{name}}
-- partials/_foot.prompt --
Bye
"""


def test_a_partial_shows_what_it_is_for_and_how_it_begins() -> None:
    card = hover("-- a.prompt --\n{{> ca█rd}}" + OTHERS)
    assert card.startswith("`card`: partial · `_card.prompt`\n\nA card for a guest\n\nreads `name`, `title`")
    assert "Dear {{title}} {{name}}" in card


def test_a_partial_that_is_no_file() -> None:
    assert "no such file" in hover("-- a.prompt --\n{{> no█where}}\n")


def test_the_partials_that_there_are() -> None:
    source = "-- a.prompt --\n{{> █}}" + OTHERS
    found = completions(source)
    assert [(item.label, item.detail) for item in found] == [
        ("card", "_card.prompt"),
        ("foot", "partials/_foot.prompt"),
    ]
    assert documentation_of(found[0].data, place(source).snapshot).startswith("A card for a guest")


def test_a_partial_leads_to_its_file() -> None:
    document, offset, snapshot = place("-- a.prompt --\n{{> ca█rd}}" + OTHERS)
    (link,) = links_of(document, snapshot)
    assert link.uri.endswith("/_card.prompt")
    (target,) = definition_at(document, offset, snapshot)
    assert target.uri == link.uri
