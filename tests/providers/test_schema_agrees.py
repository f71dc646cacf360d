"""`promptls.yaml`'s schema and the table of services know the same types, by the same names."""

from __future__ import annotations

from promptls.providers.services import service_of, services
from promptls.providers.wire import WIRES
from promptls.schema.files import load, table


def test_the_types_are_the_services() -> None:
    kinds = load("promptls")["$defs"]["provider"]["properties"]["type"]["anyOf"][0]
    notes = kinds["x-promptls"]
    assert sorted(kinds["enum"]) == sorted(services())
    assert sorted(notes["values"]) == sorted(services())
    assert {word: service_of(word) for word in notes["synonyms"]} == notes["synonyms"]
    assert {synonym for one in services().values() for synonym in one.synonyms} <= set(notes["synonyms"])


def test_the_strategies_are_those_that_are_read() -> None:
    from promptls.workspace.layer import _STRATEGIES

    alias = load("promptls")["$defs"]["alias"]["anyOf"][2]["properties"]
    assert tuple(alias["strategy"]["enum"]) == _STRATEGIES


def test_the_quirks_are_those_of_the_table() -> None:
    quirks = load("promptls")["$defs"]["provider"]["properties"]["quirks"]
    assert set(quirks["properties"]) <= set(table("services")["quirks"])
    assert set(quirks["properties"]["wire"]["enum"]) == set(WIRES) - {"echo"}
