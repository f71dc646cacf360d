"""Templates of other worlds: configurations, pages, programs, queries. None of them is a prompt, and none is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from promptls.rules import engine
from promptls.rules.engine import findings
from promptls.text.uris import path_to_uri
from promptls.workspace.files import snapshot_of

HERE = Path(__file__).parent / "other_worlds"
FILES = {
    path.relative_to(HERE).as_posix(): path.read_text("utf-8") for path in sorted(HERE.rglob("*")) if path.is_file()
}


def test_there_are_many() -> None:
    assert len(FILES) >= 50


@pytest.mark.parametrize("name", FILES)
def test_nothing_is_found_in(name: str) -> None:
    engine._failed.clear()
    snapshot = snapshot_of(FILES).with_second_opinion()
    document = snapshot.document(path_to_uri(f"/work/{name}"))
    assert document is not None
    assert not document.prompt_like, document.recognised.why
    assert [f"{one.code}: {one.message}" for one in findings(document, snapshot)] == []
    assert not engine._failed


@pytest.mark.parametrize("name", FILES)
def test_nothing_is_found_in_it_while_it_is_alone_and_short(name: str) -> None:
    """Above a file that is being written stands a beginning of it; that it is one is all that may be said."""
    text = FILES[name]
    for end in range(0, len(text), max(1, len(text) // 12)):
        snapshot = snapshot_of({name: text[:end]})
        document = snapshot.document(path_to_uri(f"/work/{name}"))
        assert document is not None
        assert not document.prompt_like, document.recognised.why
        assert {one.code for one in findings(document, snapshot)} <= {"template-syntax"}
