"""Reading never raises: on no prefix of a real file, on no mutation of one, on no hostile text."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from promptls import formats
from promptls.prompt.model import Document
from promptls.prompt.types import ANY
from promptls.text import Span
from tests.formats.reading import around
from tests.shared_files import corpus, needs_shared

ALPHABET = [
    "{{",
    "}}",
    "{%",
    "%}",
    "{#",
    "---",
    "\n",
    "\r",
    ": ",
    "- ",
    "  ",
    "\t",
    '"',
    "'",
    "[",
    "]",
    "{",
    "&a ",
    "*a",
]
ALPHABET += [
    "|\n",
    "${file:x.json}",
    "${env:A}",
    "user:",
    "user[a=",
    "\u2028",
    "\ufeff",
    "\0",
    "😀",
    "inputs:\n",
    "base: x\n",
]


def check_whole(document: Document) -> None:
    """Every place is in the text, and what can be asked of a document can be asked of this one."""
    whole = Span(0, len(document.text))
    (prompt,) = document.prompts
    for problem in document.problems:
        assert whole.covers(problem.span), problem
        assert problem.span.start <= problem.span.end
    for item in prompt.inputs:
        if item.location.uri == document.uri:
            assert whole.covers(item.location.span)
            assert item.location.span.covers(item.name_location.span), item
    for reference in document.references:
        assert whole.covers(reference.span), reference
    assert prompt.template is not None
    last = prompt.template.span.start
    for role in prompt.template.roles:
        assert last <= role.span.start <= role.role_span.start <= role.role_span.end <= role.span.end
        assert role.body.end <= whole.end
        last = role.span.end
    formats.declare_input(document, prompt, "brand_new", ANY)
    formats.add_samples(document, prompt, {item.name: "x" for item in prompt.inputs})
    for item in prompt.inputs[:3]:
        formats.remove_input(document, prompt, item)
    formats.ready_template(document, prompt)
    with suppress(formats.FormatError):
        formats.messages(document, prompt, prompt.template.span.slice(document.text.value), {})


def read(uri: str, text: str, path: Path | None = None) -> Document:
    document = formats.read(uri, text, around(path) if path else formats.no_siblings)
    assert document is not None
    return document


@needs_shared
def test_some_prefixes_of_every_real_file() -> None:
    chance = random.Random(7)
    for path in corpus():
        text = path.read_bytes().decode("utf-8")
        for end in {chance.randrange(len(text) + 1) for _ in range(4)}:
            check_whole(read(path.as_uri(), text[:end], path))


@needs_shared
@pytest.mark.torture
def test_every_prefix_of_every_real_file() -> None:
    for path in corpus():
        text = path.read_bytes().decode("utf-8")
        for end in range(len(text) + 1):
            check_whole(read(path.as_uri(), text[:end]))


@needs_shared
def test_real_files_with_pieces_put_in_and_taken_out() -> None:
    chance = random.Random(11)
    for path in corpus():
        text = path.read_bytes().decode("utf-8")
        for _ in range(3):
            check_whole(read(path.as_uri(), mutated(text, chance)))


def mutated(text: str, chance: random.Random) -> str:
    for _ in range(chance.randrange(1, 6)):
        at = chance.randrange(len(text) + 1)
        cut = at + chance.choice([0, 0, 1, 5, 40])
        text = text[:at] + chance.choice(ALPHABET) + text[cut:]
    return text


def test_texts_of_nothing_but_pieces() -> None:
    chance = random.Random(13)
    for _ in range(400):
        text = "".join(chance.choices(ALPHABET, k=chance.randrange(30)))
        check_whole(read("file:///w/a.prompty", text))
        check_whole(read("file:///w/a.prompty", f"---\n{text}\n---\nuser:\n{text}"))


def hostile() -> Iterator[tuple[str, str]]:
    count = 30_000
    for version in ("model: m", "model: {api: chat}"):
        for piece in (
            "\n",
            " ",
            "#\n",
            "tool:\n\n",
            "user:\n",
            "sytem:\n\n",
            "![",
            "![](",
            "![]",
            "user[",
            "user[a=b,",
        ):
            yield f"{version} {piece!r}", f"---\n{version}\n---\n" + piece * (count // len(piece))
        yield f"{version} attribute", f"---\n{version}\n---\nuser[" + "a" * count + "]:\nx"
        yield f"{version} quoted", f'---\n{version}\n---\nuser[a="' + "b," * (count // 2) + '"]:\nx'
        yield f"{version} marks", f"---\n{version}\n---\n" + "__PROMPTY_THREAD_aaaaaaaa_" * (count // 26)
    yield "inputs", "---\ninputs:\n" + "  - name: a\n    kind: string\n" * 3000 + "---\nx"
    yield "deep", "---\ninputs: " + "[" * count + "\n---\nx"
    yield "deep types", "---\ninputs:\n  a: " + "{kind: array, items: " * 2000 + "\n---\nx"


HOSTILE = dict(hostile())


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_texts_are_read_to_their_end(name: str) -> None:
    check_whole(read("file:///w/a.prompty", HOSTILE[name]))


def test_a_circle_of_bases_ends() -> None:
    text = "---\nbase: a.prompty\nmodel: {api: chat}\n---\nx"

    document = formats.read(
        "file:///w/a.prompty", text, lambda path: formats.Sibling("file:///w/a.prompty", text, True)
    )

    assert document is not None
    check_whole(document)
    assert not document.prompts[0].complete


def test_a_file_that_includes_itself_ends() -> None:
    text = "---\ninputs: ${file:a.json}\nmodel: {api: chat}\n---\nx"
    inner = '{"a": "${file:a.json}", "b": {"type": "string"}}'

    document = formats.read("file:///w/a.prompty", text, lambda path: formats.Sibling("file:///w/a.json", inner, True))

    assert document is not None
    check_whole(document)
