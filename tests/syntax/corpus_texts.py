"""Real texts for properties: the corpus, its variants with other line ends, and prefixes drawn with a seed."""

from __future__ import annotations

import random
from collections.abc import Iterator
from functools import cache

from promptls.syntax.frontmatter import split_lines, split_unanchored
from promptls.text import Span
from tests.shared_files import corpus, shared


@cache
def prompty_texts() -> tuple[str, ...]:
    """The different texts of all ``.prompty`` files, as they are on disk."""
    texts = (path.read_bytes().decode("utf-8") for path in corpus("**/*.prompty"))
    return tuple(dict.fromkeys(texts))


@cache
def yaml_texts() -> tuple[tuple[str, Span], ...]:
    """All YAML there is: headers of any format with the text they stand in, and YAML files. Without duplicates."""
    found: dict[str, tuple[str, Span]] = {}
    for path in [*corpus("**/*"), *sorted(shared("conformance").glob("**/*"))]:
        if not path.is_file():
            continue
        try:
            text = path.read_bytes().decode("utf-8")
        except UnicodeDecodeError:
            continue
        if path.suffix in (".yml", ".yaml"):
            span: Span | None = Span(0, len(text))
        else:
            front = split_unanchored(text) if path.suffix == ".prompty" else split_lines(text)
            span = front.header if front.closer else None
        if span is not None:
            found.setdefault(span.slice(text), (text, span))
    return tuple(found.values())


def prefixes(texts: tuple[str, ...], each: int, seed: int, limit: int | None = None) -> Iterator[str]:
    """``each`` prefixes of every text, or all of them for 0; at most ``limit`` code points long."""
    rng = random.Random(seed)
    for text in texts:
        length = min(len(text), limit or len(text))
        if each == 0:
            yield from (text[:end] for end in range(length + 1))
        else:
            yield from (text[: rng.randrange(length + 1)] for _ in range(each))
