"""The facts of a hover card."""

from __future__ import annotations

from typing import Any

import pytest

from promptls.schema import files
from promptls.schema.describe import KeyCard, describe
from promptls.syntax.yaml_tree import Path
from tests.schema.test_complete import every_path


def card(name: str, path: Path, data: Any = None) -> KeyCard:
    found = describe(name, data if data is not None else {}, path)
    assert found is not None
    return found


def test_a_key_is_described_with_all_that_is_known_of_it() -> None:
    found = card("prompty-v2", ("model", "apiType"))
    assert found.name == "apiType"
    assert found.type == "string"
    assert found.description.startswith("Which interface of the provider is called")
    assert found.default == "chat"
    assert found.enum == ("chat", "responses", "embedding", "image")
    assert not found.deprecated
    assert found.source.startswith("microsoft/prompty main 75e4d0e")


def test_an_old_key_says_what_replaces_it_and_who_ignores_it() -> None:
    found = card("prompty-v2", ("model", "parameters"))
    assert (found.deprecated, found.replaced_by, found.ignored_by) == (True, "options", "Prompty 2.1.0")
    dropped = card("prompty-v2", ("model", "options", "max_tokens"))
    assert (dropped.deprecated, dropped.replaced_by, dropped.ignored_by) == (False, "maxOutputTokens", "Prompty 2.1.0")


def test_a_key_of_the_other_version_says_who_refuses_it() -> None:
    assert card("prompty-v1", ("metadata",)).ignored_by == "Prompty 0.1.50"


def test_the_kind_decides_which_key_is_meant() -> None:
    path: Path = ("model", "connection", "name")
    registered = card("prompty-v2", path, {"model": {"connection": {"kind": "reference", "name": "a"}}})
    project = card("prompty-v2", path, {"model": {"connection": {"kind": "foundry", "name": "a"}}})
    assert "registered" in registered.description
    assert "Foundry project" in project.description


def test_a_name_of_ones_own_is_described_by_what_it_names() -> None:
    found = card("prompty-v2", ("inputs", "firstName"))
    assert (found.name, found.type) == ("firstName", "map")
    assert found.description.startswith("One declared value")
    assert "How findings of this rule are reported" in card("promptls", ("rules", "unused-input")).description


def test_each_schema_names_its_sources() -> None:
    assert card("prompty-v1", ("inputs", "x", "type")).source == "PyPI prompty 0.1.50, the last v1 (2026-11)"
    assert card("promptls", ("budget",)).source == "promptls 0.1, its own configuration"


@pytest.mark.parametrize("path", [(), ("nope",), ("metadata", "mine"), ("name", "x"), ("model", "options", "nope", 1)])
def test_what_the_schema_does_not_know_has_no_card(path: Path) -> None:
    assert describe("prompty-v2", {}, path) is None


@pytest.mark.parametrize("name", files.names())
def test_every_key_that_is_offered_has_a_card(name: str) -> None:
    paths = list(every_path(name))
    assert len(paths) > len(files.load(name)["properties"]) / 2
    for path in paths:
        found = card(name, path)
        assert found.source, path
        assert found.description, path
