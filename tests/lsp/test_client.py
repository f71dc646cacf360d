"""What a client can do, read from what real ones say and from what none should."""

from __future__ import annotations

from typing import Any

import pytest

from promptls.lsp.client import Client, resolve
from tests.lsp.frames import profile


def test_a_client_that_says_nothing_gets_the_least() -> None:
    assert resolve(profile("bare")) == Client()
    assert Client().encoding == "utf-16"


def test_vs_code() -> None:
    client = resolve(profile("vscode"))
    assert client.encoding == "utf-16"
    assert client.snippets
    assert client.watch_files
    assert client.document_changes
    assert client.create_files
    assert client.resolves_documentation
    assert client.default_edit_range
    assert client.retriggers
    assert client.fold_limit == 5000
    assert client.pulls


def test_neovim() -> None:
    client = resolve(profile("neovim"))
    assert client.encoding == "utf-8"
    assert client.snippets
    assert not client.watch_files
    assert client.create_files
    assert not client.resolves_documentation
    assert not client.retriggers
    assert not client.pulls
    assert client.hover_markdown
    assert client.nested_symbols


@pytest.mark.parametrize(
    ("offered", "chosen"),
    [
        (["utf-32", "utf-8"], "utf-32"),
        (["utf-7", "utf-8"], "utf-8"),
        ([], "utf-16"),
        (["x", 5, None, {}], "utf-16"),
        ("utf-8", "utf-16"),
    ],
)
def test_the_first_encoding_that_both_know(offered: Any, chosen: str) -> None:
    assert resolve({"capabilities": {"general": {"positionEncodings": offered}}}).encoding == chosen


@pytest.mark.parametrize("nonsense", [None, 5, "x", [], True, {"valueSet": {}}, {"valueSet": [-1, None, "x"]}])
def test_nonsense_costs_one_answer_and_not_the_session(nonsense: Any) -> None:
    def spoil(value: Any) -> list[Any]:
        """The value with one of its parts, at any depth, replaced."""
        if not isinstance(value, dict):
            return [nonsense]
        return [nonsense, *(value | {key: spoiled} for key, item in value.items() for spoiled in spoil(item))]

    for one in spoil(profile("vscode")):
        assert isinstance(resolve(one), Client)
