"""Every request on every prefix of every real file, on each with any one character gone, and on what chance types.

No exception, no missing answer, no answer outside of the text, in three encodings; and the text, its findings, its
outline and its colours after a row of changes are those of the same text opened whole.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator

import pytest

from promptls import formats
from promptls.lsp.positions import ENCODINGS
from promptls.lsp.requests import REQUESTS
from tests.shared_files import corpus, needs_shared
from tests.torture.desk import ASKED, ELSEWHERE, Desk, pieces
from tests.torture.tally import Tally, share

CHUNKS = 8
LONGEST = 6_000
OWN = """---
name: torture
model: {id: m}
inputs:
  name: {kind: string}
  items: {kind: array}
---
system[name=😀]:
{% macro card(title, body="x") %}<b>{{ title }}</b>{% endmacro %}
{% block part %}{{ card(name | replace("é", "😀"), body=1) }}{% endblock part %}
{% for item in items if item.price is divisibleby(3) %}{{ loop.cycle("a", "b") }}{% else %}-{% endfor %}\r
user:
<context>\u2028{{ name | default("x") }}</context> ![pic](cat.png)
"""


def files() -> list[tuple[str, str]]:
    """Name and text of every prompt file there is, each text once."""
    known = {"": "own.prompty"}
    for path in corpus("**/*"):
        if formats.is_prompt_file(str(path)):
            known.setdefault(path.read_bytes().decode("utf-8", "replace"), path.name)
    return [(name, text) for text, name in known.items() if text]


def desks() -> list[Desk]:
    return [Desk(encoding) for encoding in ENCODINGS]


def requests(all_desks: Iterable[Desk]) -> int:
    return sum(desk.requests for desk in all_desks)


def opened(which: int, name: str, text: str, of: list[Desk]) -> Iterator[Desk]:
    """The desks with the file open, over and over: what follows in the text meets another encoding."""
    for desk in of:
        desk.open(f"file:///torture/{which}/{name}", text)
    while True:
        yield from of


def prefixes(known: list[tuple[str, str]], ends: int | None, tally: Tally) -> None:
    chance, of = random.Random(1), desks()
    for which, (name, text) in enumerate(known):
        every = range(len(text) + 1)
        cuts = share(every, which) if ends is None else chance.choices(every, k=ends)
        for cut, desk in zip(sorted(cuts, reverse=True), opened(which, name, text, of), strict=False):
            with tally.one(f"{name} up to {cut} in {desk.encoding}"):
                desk.edit(cut, len(desk.text), "")
                desk.ask_all(cut)
        for desk in of:
            desk.close()
    tally.settle(requests(of))


def deletions(known: list[tuple[str, str]], places: int | None, tally: Tally) -> None:
    chance, of = random.Random(2), desks()
    for which, (name, text) in enumerate(known):
        every = range(len(text))
        gone = share(every, which) if places is None else chance.choices(every, k=places)
        for at, desk in zip(gone, opened(which, name, text, of), strict=False):
            with tally.one(f"{name} without the character {at} in {desk.encoding}"):
                desk.edit(at, at + 1, "")
                desk.ask_all(at)
                desk.edit(at, at, text[at])
        for desk in of:
            desk.close()
    tally.settle(requests(of))


def typing(known: list[tuple[str, str]], steps: int, tally: Tally) -> None:
    chance, of = random.Random(3), desks()
    other = {desk.encoding: Desk(desk.encoding) for desk in of}
    for which, (name, text) in enumerate(known):
        row = opened(which, name, text, of)
        for step, piece, desk in zip(range(steps), pieces(chance), row, strict=False):
            with tally.one(f"{name}, step {step} in {desk.encoding}: {desk.text!r}"):
                start = chance.randrange(len(desk.text) + 1)
                end = min(len(desk.text), start + chance.choice((0, 0, 0, 1, 3, 20)))
                if len(desk.text) > LONGEST:
                    end = min(len(desk.text), start + 1_000)
                desk.edit(start, end, piece)
                desk.ask_all(min(len(desk.text), start + len(piece)))
                if step % 10 < len(of):
                    whole = other[desk.encoding]
                    whole.open(desk.uri, desk.text)
                    assert whole.outcome() == desk.outcome(), "another outcome than of the whole text"
                    whole.close()
        for desk in of:
            desk.close()
    tally.settle(requests([*of, *other.values()]))


def test_every_request_is_made() -> None:
    assert set(REQUESTS) == ASKED | ELSEWHERE


def test_some_prefixes_deletions_and_edits_of_a_rich_file(tally: Tally) -> None:
    own = [("own.prompty", OWN)]
    prefixes(own, 30, tally)
    deletions(own, 30, tally)
    typing(own, 40, tally)


@needs_shared
def test_some_prefixes_deletions_and_edits_of_some_real_files(tally: Tally) -> None:
    some = random.Random(4).sample(files(), 20)
    prefixes(some, 4, tally)
    deletions(some, 4, tally)
    typing(some, 8, tally)


@needs_shared
@pytest.mark.torture
@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_every_prefix_of_every_file(chunk: int, tally: Tally) -> None:
    prefixes([*files(), ("own.prompty", OWN)][chunk::CHUNKS], None, tally)


@needs_shared
@pytest.mark.torture
@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_every_file_without_any_one_character(chunk: int, tally: Tally) -> None:
    deletions([*files(), ("own.prompty", OWN)][chunk::CHUNKS], None, tally)


@needs_shared
@pytest.mark.torture
@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_every_file_while_chance_types(chunk: int, tally: Tally) -> None:
    steps = len(share(range(200), 0))
    typing([*files(), ("own.prompty", OWN)][chunk::CHUNKS], steps, tally)
