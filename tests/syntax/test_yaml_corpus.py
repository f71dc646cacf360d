"""Real YAML, whole, cut and broken: spans nest, nothing raises, and the cursor knows its path as the tree does."""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Iterator

import pytest

from promptls.syntax.frontmatter import split_lines, split_unanchored
from promptls.syntax.yaml import parse_yaml, path_at, to_data
from promptls.syntax.yaml_cursor import cursor_in_yaml
from promptls.syntax.yaml_tree import Entry, Mapping, Node, Path, Scalar, Sequence
from promptls.text import Span
from tests.shared_files import needs_shared
from tests.syntax.corpus_texts import prefixes, prompty_texts, yaml_texts

BREAKING = (
    "na",
    "q: @a",
    'q: "a',
    "q: {{ x }} y",
    "q: [1, 2",
    "q: {a: 1",
    "q: a: b",
    "q:a",
    "<<<<<<< HEAD",
    "q: it's\t",
)
JUNK = (
    *"{}[]:,\"'#&*!|>%@`-? \n\t\r\x00\x85\u2028\ufeff~=<\\é😀",
    "---\n",
    "{{ x }}",
    "\r\n",
    "- ",
    ": ",
    "&a",
    "*a",
    "!b ",
)


def check_spans(node: Node, outer: Span) -> None:
    """Every node lies inside of the one it belongs to, behind the one before it."""
    assert outer.covers(node.span)
    assert node.span.start <= node.span.end
    last = node.span.start
    if isinstance(node, Mapping):
        for entry in node.entries:
            assert last <= entry.key.span.start <= entry.key.span.end <= entry.value.span.start
            check_spans(entry.key, node.span)
            check_spans(entry.value, node.span)
            last = entry.span.end
    elif isinstance(node, Sequence):
        for item in node.items:
            assert last <= item.span.start
            check_spans(item, node.span)
            last = item.span.end


def check_text(text: str, rng: random.Random) -> None:
    """All that this room does with a text, and what must hold of any text."""
    for front in (split_unanchored(text), split_lines(text)):
        whole = Span(0, len(text))
        header = front.header or whole
        assert whole.covers(header)
        assert whole.covers(front.body)
        assert all(whole.covers(problem.span) for problem in front.problems)
        tree = parse_yaml(text, header)
        if tree.root is not None:
            check_spans(tree.root, header)
        assert all(header.covers(problem.span) for problem in tree.problems)
        to_data(tree)
        for offset in (header.start, header.end, rng.randint(*header)):
            path_at(tree, offset)
            cursor = cursor_in_yaml(text, header, offset)
            assert header.covers(cursor.replace)
            assert cursor.replace.touches(offset)
            assert text.endswith(cursor.prefix, 0, offset)


def headers(texts: Iterable[str]) -> tuple[str, ...]:
    fronts = ((text, split_unanchored(text)) for text in texts)
    return tuple(text[: front.header.end] for text, front in fronts if front.header)


@needs_shared
def test_real_files_are_read_whole_and_without_a_problem() -> None:
    rng = random.Random(1)
    for text in prompty_texts():
        check_text(text, rng)
        front = split_unanchored(text)
        if front.header and front.closer:
            assert [p for p in parse_yaml(text, front.header).problems if p.code == "yaml-syntax"] == []


@needs_shared
def test_prefixes_of_real_headers_are_read() -> None:
    rng = random.Random(2)
    for text in prefixes(headers(prompty_texts()), 4, seed=2):
        check_text(text, rng)


@needs_shared
@pytest.mark.torture
def test_all_prefixes_of_real_headers_are_read() -> None:
    rng = random.Random(2)
    for text in prefixes(headers(prompty_texts()), 0, seed=2):
        check_text(text, rng)


def broken_texts(count: int, seed: int) -> Iterator[tuple[str, random.Random]]:
    rng = random.Random(seed)
    texts = headers(prompty_texts())
    for _ in range(count):
        text = rng.choice(texts)
        for _ in range(rng.randint(1, 6)):
            at = rng.randrange(min(len(text), 600) + 1)
            text = text[:at] + rng.choice(JUNK) + text[at + rng.choice([0, 0, 1, 3, 20]) :]
        yield text, rng


@needs_shared
def test_broken_headers_are_read() -> None:
    for text, rng in broken_texts(600, seed=3):
        check_text(text, rng)


@needs_shared
@pytest.mark.torture
def test_many_broken_headers_are_read() -> None:
    for text, rng in broken_texts(60_000, seed=4):
        check_text(text, rng)


@needs_shared
@pytest.mark.parametrize("breaking", BREAKING)
def test_a_broken_line_between_the_keys_of_a_real_header_hides_none_of_them(breaking: str) -> None:
    rng = random.Random(breaking)
    checked = 0
    for text in prompty_texts():
        front = split_unanchored(text)
        tree = parse_yaml(text, front.header) if front.header and front.closer else None
        if tree is None or tree.problems or not isinstance(tree.root, Mapping):
            continue
        at = rng.choice([entry.span.start for entry in tree.root.entries])
        broken = f"{text[:at]}{breaking}\n{text[at:]}"
        found = parse_yaml(broken, Span(tree.span.start, tree.span.end + len(breaking) + 1))
        assert to_data(tree).items() <= to_data(found).items()
        checked += 1
    assert checked > 100


def entries(node: Node | None, path: Path = ()) -> Iterator[tuple[Path, Mapping, Entry]]:
    if isinstance(node, Mapping):
        for entry in node.entries:
            yield path, node, entry
            yield from entries(entry.value, (*path, entry.name))
    elif isinstance(node, Sequence):
        for index, item in enumerate(node.items):
            yield from entries(item, (*path, index))


def check_cursor_at_keys(each: int | None) -> int:
    """At ``each`` keys of every text (None: all): the cursor in the middle of the key says what the tree says, and
    says it still when the text is cut there, when the rest of the line is, and behind the colon."""
    rng = random.Random(5)
    asked = 0
    for text, span in yaml_texts():
        tree = parse_yaml(text, span)
        found = [] if tree.problems else list(entries(tree.root))
        for path, mapping, entry in found if each is None else rng.sample(found, min(each, len(found))):
            if not isinstance(entry.key, Scalar) or entry.key.span.empty:
                continue
            start, end = entry.key.span
            middle = (start + end + 1) // 2
            line = re.compile(r"[^\r\n]*").match(text, middle)
            assert line is not None
            cursor = cursor_in_yaml(text, span, middle)
            assert (cursor.path, cursor.where, cursor.key) == (path, "key", entry.name)
            assert set(cursor.siblings) == {other.name for other in mapping.entries} - {entry.name}
            assert cursor.replace.slice(text) == text[start:end].strip("\"'")
            for left in (text[:middle], text[:middle] + text[line.end() : span.end]):
                cursor = cursor_in_yaml(left, Span(span.start, len(left)), middle)
                assert (cursor.path, cursor.where) == (path, "key")
            colon = text.index(":", end)
            left = f"{text[: colon + 1]} "
            cursor = cursor_in_yaml(left, Span(span.start, len(left)), len(left))
            assert (cursor.path, cursor.where, cursor.key) == ((*path, entry.name), "value", entry.name)
            asked += 4
    return asked


@needs_shared
def test_the_cursor_at_a_key_knows_its_path_however_much_is_missing() -> None:
    assert check_cursor_at_keys(6) > 5_000


@needs_shared
@pytest.mark.torture
def test_the_cursor_at_every_key_knows_its_path_however_much_is_missing() -> None:
    assert check_cursor_at_keys(None) > 15_000
