"""What is offered at a place of a half-written header."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from typing import Any

import pytest

from promptls.schema import files
from promptls.schema.complete import KeyChoice, keys_at, values_at
from promptls.schema.describe import describe
from promptls.schema.validate import violations
from promptls.syntax.yaml import parse_yaml, to_data
from promptls.syntax.yaml_tree import Path


def keys(name: str, text: str, path: Path) -> list[str]:
    return [choice.name for choice in keys_at(name, to_data(parse_yaml(textwrap.dedent(text))), path)]


def values(name: str, text: str, path: Path) -> list[str]:
    return [choice.value for choice in values_at(name, to_data(parse_yaml(textwrap.dedent(text))), path)]


def test_an_empty_header_is_offered_every_key_that_counts() -> None:
    expected = ["name", "displayName", "description", "metadata", "model", "inputs", "outputs", "tools", "template"]
    assert keys("prompty-v2", "", ())[:9] == expected


def test_old_dropped_and_refused_keys_are_never_offered() -> None:
    offered = {
        *keys("prompty-v2", "", ()),
        *keys("prompty-v2", "model: {}", ("model",)),
        *keys("prompty-v2", "model: {options: {}}", ("model", "options")),
    }
    assert offered.isdisjoint({"sample", "authors", "instructions", "api", "parameters", "max_tokens", "top_p"})
    offered = {*keys("prompty-v1", "", ()), *keys("prompty-v1", "model: {}", ("model",))}
    assert offered.isdisjoint({"metadata", "$schema", "tools", "content", "id", "connection", "options"})


def test_required_keys_come_first() -> None:
    choices = keys_at("prompty-v1", {}, ())
    assert [(choice.name, choice.required) for choice in choices][:2] == [("model", True), ("name", False)]


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("key", {"endpoint", "apiKey"}),
        ("reference", {"name", "target"}),
        ("anonymous", {"endpoint"}),
        ("oauth", {"endpoint", "clientId", "clientSecret", "tokenUrl", "scopes"}),
    ],
)
def test_the_discriminator_decides_which_keys_are_offered(kind: str, expected: set[str]) -> None:
    shared = {"kind", "authenticationMode", "usageDescription"}
    text = f"model: {{connection: {{kind: {kind}}}}}"
    assert set(keys("prompty-v2", text, ("model", "connection"))) == expected | shared


def test_while_nothing_decides_all_are_offered() -> None:
    offered = keys("prompty-v2", "model:\n  connection:\n", ("model", "connection"))
    assert offered[0] == "kind"
    assert {"apiKey", "clientId", "name", "endpoint"} <= set(offered)


def test_a_kind_that_is_being_changed_still_offers_all_kinds() -> None:
    assert values("prompty-v2", "model: {connection: {kind: key}}", ("model", "connection", "kind")) == [
        "key",
        "reference",
        "remote",
        "anonymous",
        "foundry",
        "oauth",
    ]


def test_list_items_and_maps_offer_the_same_declaration() -> None:
    in_list = keys("prompty-v2", "inputs:\n  - name: a\n    kind: array\n", ("inputs", 0))
    in_map = keys("prompty-v2", "inputs:\n  a:\n    kind: array\n", ("inputs", "a"))
    assert in_list[:2] in (["name", "kind"], ["kind", "name"])
    assert set(in_list) == set(in_map) >= {"items", "default", "enumValues"}


@pytest.mark.parametrize(
    ("kind", "own"),
    [
        ("function", {"parameters", "strict"}),
        ("mcp", {"connection", "serverName", "serverDescription", "approvalMode", "allowedTools"}),
        ("openapi", {"connection", "specification"}),
        ("prompty", {"connection", "path", "mode", "options"}),
        ("mine", {"connection", "options"}),
    ],
)
def test_tools_by_kind(kind: str, own: set[str]) -> None:
    offered = set(keys("prompty-v2", f"tools: [{{kind: {kind}}}]", ("tools", 0)))
    assert offered == own | {"name", "kind", "description", "bindings"}


def test_properties_nest_as_deep_as_one_likes() -> None:
    text = "outputs: {a: {kind: object, properties: [{name: b, kind: array, items: {kind: string}}]}}"
    path: Path = ("outputs", "a", "properties", 0, "items")
    assert "enumValues" in keys("prompty-v2", text, path)
    assert values("prompty-v2", text, (*path, "kind"))[0] == "string"


def test_the_default_comes_first_among_values() -> None:
    assert values("prompty-v2", "", ("model", "apiType")) == ["chat", "responses", "embedding", "image"]
    assert values("prompty-v2", "", ("inputs", "a", "required")) == ["false", "true"]
    assert values("promptls", "", ("aliases", "fast", "strategy"))[:2] == ["fallback", "round-robin"]


def test_each_value_says_what_it_means() -> None:
    (chat, *_) = values_at("prompty-v2", {}, ("model", "apiType"))
    assert (chat.kind, chat.description) == ("enum", "Messages in, one message out. What almost every prompt wants.")


def test_examples_stand_in_where_values_are_free() -> None:
    assert values_at("prompty-v2", {}, ("model", "id"))[0].kind == "example"
    assert "${env:OPENAI_API_KEY}" in values("prompty-v2", "", ("model", "connection", "apiKey"))[0]


def test_words_that_a_yaml_1_1_loader_misreads_are_quoted() -> None:
    assert values("promptls", "", ("rules", "unused-input"))[:2] == ["off", "error"]


def test_strings_are_written_so_that_yaml_reads_them_back() -> None:
    for name in files.names():
        for path in every_path(name):
            for choice in values_at(name, {}, path):
                read = to_data(parse_yaml(f"key: {choice.value}\n"))
                assert isinstance(read, dict), choice
                assert read["key"] is not None, choice


@pytest.mark.parametrize(
    ("path", "key", "snippet"),
    [
        ((), "name", ": "),
        ((), "metadata", ":\n  $0"),
        ((), "model", ":\n  $0"),
        ((), "template", ":\n  format: ${1|jinja2,mustache|}\n  parser: prompty$0"),
        (("model",), "connection", ":\n  kind: $0"),
        (("model", "options"), "stopSequences", ":\n  - $0"),
        (("inputs", "a"), "required", ": "),
        (("inputs", "a"), "enumValues", ":\n  - $0"),
    ],
)
def test_what_follows_a_key_fits_its_type(path: Path, key: str, snippet: str) -> None:
    assert the_key("prompty-v2", path, key).value_snippet == snippet


def the_key(name: str, path: Path, key: str) -> KeyChoice:
    return next(choice for choice in keys_at(name, {}, path) if choice.name == key)


def test_types_are_in_peoples_words() -> None:
    assert the_key("prompty-v2", (), "model").type == "string or map"
    assert the_key("prompty-v2", (), "inputs").type == "list or map"
    assert the_key("prompty-v2", ("model", "options"), "stopSequences").type == "list of strings"
    assert the_key("prompty-v2", ("inputs", "a"), "default").type == "any value"
    assert the_key("prompty-v2", ("inputs", "a"), "required").type == "true or false"


@pytest.mark.parametrize(
    "path", [("nope",), ("name", "x"), ("model", 3), ("metadata", "x", "y"), ("inputs", "a", 0, 1)]
)
def test_where_the_schema_knows_nothing_nothing_is_offered(path: Path) -> None:
    assert keys_at("prompty-v2", {"name": "x"}, path) == []


@pytest.mark.parametrize(
    "data", [None, [], "text", 3, {"model": None}, {"model": [1]}, {"inputs": "x", "tools": {"a": 1}}]
)
def test_data_of_any_shape_is_fine(data: Any) -> None:
    for path in [(), ("model",), ("inputs", 0), ("tools", "a"), ("model", "connection", "kind")]:
        keys_at("prompty-v2", data, path)
        values_at("prompty-v2", data, path)


@pytest.mark.parametrize("name", files.names())
def test_what_is_offered_is_valid_where_it_is_offered(name: str) -> None:
    """Every offered scalar, written where it was offered, is no violation there."""
    checked = 0
    for path in every_path(name):
        for choice in values_at(name, {}, path):
            lines = [f"{'  ' * depth}{key}:" for depth, key in enumerate(path)]
            text = "\n".join(lines) + f" {choice.value}\n"
            wrong = [one for one in violations(name, parse_yaml(text)) if one.path == path]
            assert wrong == [], text
            checked += 1
    assert checked > len(files.load(name)["properties"]) / 2


def every_path(name: str, path: Path = ()) -> Iterator[Path]:
    """Every path that the schema knows, to a depth; where names are free, one of them."""
    if len(path) > 4:
        return
    choices = keys_at(name, {}, path)
    free = [] if choices else [step for step in ("mine", "a/**") if describe(name, {}, (*path, step))]
    for step in [*(choice.name for choice in choices), *free]:
        yield (*path, step)
        yield from every_path(name, (*path, step))
