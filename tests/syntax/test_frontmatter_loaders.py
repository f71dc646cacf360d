"""The split is the loaders': what their regular expression captures, on real files and on what is left of them."""

from __future__ import annotations

import re
from collections.abc import Iterable

import pytest

from promptls.syntax.frontmatter import split_unanchored
from tests.shared_files import needs_shared
from tests.syntax.corpus_texts import prefixes, prompty_texts

# PyPI prompty 0.1.50 `utils.py` and 2.1.0 `core/utils.py`, letter by letter.
LOADERS = re.compile(r"^\s*" + r"(?:---|\+\+\+)" + r"(.*?)" + r"(?:---|\+\+\+)" + r"\s*(.+)$", re.DOTALL | re.MULTILINE)
STARTS = re.compile(r"^\s*(?:---)")  # 2.1.0 looks for front matter only where this matches


def check_as_loaders_do(texts: Iterable[str]) -> None:
    matched = 0
    for text in texts:
        match = LOADERS.search(text)
        first = split_unanchored(text, anywhere=True)
        if match is None:
            assert first.header is None or first.problems
            continue
        matched += 1
        assert first.header is not None
        assert (first.header.slice(text), first.body.slice(text)) == match.groups()
        if STARTS.match(text):
            assert split_unanchored(text) == first
    assert matched > 100


@needs_shared
def test_real_files_and_their_variants_are_split_as_the_loaders_do() -> None:
    texts = [text for text in prompty_texts() if not text.startswith("\ufeff")]
    variants = [
        *(text.replace("\r\n", "\n").replace("\n", "\r\n") for text in texts),
        *(f" \n\t{text}" for text in texts),
        *(f"prose\n{text}" for text in texts),
        *(text.replace("---", "+++") for text in texts),
        *(text.replace("\n---", "\n----") for text in texts),
        *(f"{text}\n---\n" for text in texts),
    ]
    check_as_loaders_do([*texts, *variants])


@needs_shared
def test_prefixes_are_split_as_the_loaders_do() -> None:
    check_as_loaders_do(text for text in prefixes(prompty_texts(), 12, seed=1) if not text.startswith("\ufeff"))


@needs_shared
@pytest.mark.torture
def test_all_prefixes_are_split_as_the_loaders_do() -> None:
    check_as_loaders_do(text for text in prefixes(prompty_texts(), 0, seed=1) if not text.startswith("\ufeff"))
