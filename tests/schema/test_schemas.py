"""The schemas themselves: valid, complete, consistent, and written for people."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from promptls.schema import files
from promptls.schema.check import Walk
from promptls.schema.keys import is_discouraged
from promptls.schema.navigate import View, json_type, view

NAMES = files.names()
ANNOTATION_WORDS = {"description", "examples", "default", "deprecated", "x-promptls", "title"}
IN_ITS_PLACE = {"properties", "patternProperties", "$defs"}
A_SCHEMA = {"items", "additionalProperties", "if", "then", "else", "not"}
SCHEMAS = {"allOf", "anyOf", "oneOf", "prefixItems"}


def parts(schema: Any, path: str = "#") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every schema in a schema, with where it stands."""
    if not isinstance(schema, dict):
        return
    yield path, schema
    for word, below in schema.items():
        if word in IN_ITS_PLACE:
            for name, part in below.items():
                yield from parts(part, f"{path}/{word}/{name}")
        elif word in A_SCHEMA:
            yield from parts(below, f"{path}/{word}")
        elif word in SCHEMAS:
            for index, part in enumerate(below):
                yield from parts(part, f"{path}/{word}/{index}")


def keys(name: str) -> Iterator[tuple[str, View, dict[str, Any]]]:
    """Every key that a schema names outside of conditions, resolved."""
    here = view(name)
    for path, schema in parts(here.root):
        if "/if/" in f"{path}/" or "/not/" in f"{path}/":
            continue
        for word in ("properties", "patternProperties"):
            for key, part in schema.get(word, {}).items():
                if part.keys() != {"required"}:  # such a part only adds a demand to a key that is described elsewhere
                    yield f"{path}/{word}/{key}", here, dict(here.resolve(part))


@pytest.mark.parametrize("path", sorted(files.folder().rglob("*.json")), ids=lambda path: path.name)
def test_no_file_says_anything_twice(path: Path) -> None:
    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        assert len({key for key, _ in pairs}) == len(pairs), [key for key, _ in pairs]
        return dict(pairs)

    json.loads(path.read_text(encoding="utf-8"), object_pairs_hook=once)


@pytest.mark.parametrize("name", NAMES)
def test_a_schema_fits_the_meta_schema(name: str) -> None:
    Draft202012Validator.check_schema(files.load(name))


@pytest.mark.parametrize("name", NAMES)
def test_annotations_say_what_they_may(name: str) -> None:
    meta = json.loads((files.folder() / "meta" / "annotations.json").read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(meta)
    validator = Draft202012Validator(meta)
    root = files.load(name)
    sources = root["x-promptls"]["sources"]
    for path, schema in parts(root):
        notes = schema.get("x-promptls", {})
        assert [error.message for error in validator.iter_errors(notes)] == [], path
        assert notes.get("source", "") in {*sources, ""}, path
        if path != "#":
            assert not {"sources", "defaults", "yaml11"} & notes.keys(), path


@pytest.mark.parametrize("name", NAMES)
def test_every_key_teaches_and_names_its_source(name: str) -> None:
    for path, _, schema in keys(name):
        description = schema.get("description", "")
        assert len(description) >= 12, f"{path} has no description"
        assert description.startswith("promptflow") or description[0].isupper() or description[0] == "`", path
        assert description.endswith((".", "…")), f"{path}: {description}"
        notes = schema.get("x-promptls", {})
        assert notes.get("source"), f"{path} has no source"


@pytest.mark.parametrize("name", NAMES)
def test_every_key_that_is_offered_shows_what_to_write(name: str) -> None:
    for path, here, schema in keys(name):
        if is_discouraged(schema):
            continue
        if {"boolean", "object", "array"} & set(here.types(schema)):
            continue
        every = here.applicable(schema)
        assert any(part.keys() & {"examples", "enum", "const", "default"} for part in every), path


@pytest.mark.parametrize("name", NAMES)
def test_beside_a_reference_stand_annotations_only(name: str) -> None:
    root = files.load(name)
    for path, schema in parts(root):
        if "$ref" in schema:
            assert schema.keys() - {"$ref"} <= ANNOTATION_WORDS, path
            assert schema["$ref"].removeprefix("#/$defs/") in root["$defs"], path


@pytest.mark.parametrize("name", NAMES)
def test_no_definition_is_left_over(name: str) -> None:
    root = files.load(name)
    used = {schema["$ref"].removeprefix("#/$defs/") for _, schema in parts(root) if "$ref" in schema}
    assert used == root.get("$defs", {}).keys()


@pytest.mark.parametrize("name", NAMES)
def test_synonyms_and_meanings_are_of_values_that_exist(name: str) -> None:
    for path, schema in parts(files.load(name)):
        notes = schema.get("x-promptls", {})
        known = {value for value in schema.get("enum", ()) if isinstance(value, str)}
        assert set(notes.get("synonyms", {}).values()) <= known, path
        assert not set(notes.get("synonyms", {})) & known, path
        assert set(notes.get("values", {})) in (known, set()), path


@pytest.mark.parametrize("name", NAMES)
def test_examples_and_defaults_fit_their_own_key(name: str) -> None:
    checked = 0
    for path, here, schema in keys(name):
        if is_discouraged(schema):
            continue
        values = [*schema.get("examples", ()), *([schema["default"]] if "default" in schema else ())]
        for value in values:
            checked += 1
            walk = Walk(View({**here.root, **_alone(schema)}))
            # A name is required in a list and not in a map, where most examples come from.
            issues = [issue for issue in walk.issues(value) if issue.kind != "missing-key"]
            assert issues == [], f"{path}: {value!r}: {issues}"
    assert checked > len(files.load(name)["properties"]) / 2


def _alone(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema of one key as a root: nothing of the real root but its definitions is kept."""
    nothing: dict[str, Any] = {"type": ["object", "array", "string", "number", "boolean", "null"], "properties": {}}
    return {**nothing, "required": [], "additionalProperties": True, "allOf": [schema]}


@pytest.mark.parametrize("name", NAMES)
def test_what_replaces_a_key_exists(name: str) -> None:
    """A plain name is a key of the same map or of the root; a dotted one starts in either."""
    for path, schema in parts(files.load(name)):
        siblings = schema.get("properties", {})
        for key, part in siblings.items():
            by = part.get("x-promptls", {}).get("replacedBy")
            if by is None:
                continue
            first = by.split(".")[0]
            known = {*siblings, *files.load(name)["properties"], *_around(name, path)}
            assert first in known, f"{path}/{key}: {by}"


def _around(name: str, path: str) -> set[str]:
    """The keys of the maps that the schema at ``path`` is a part of (a ``then`` belongs to its map)."""
    found: set[str] = set()
    for place, schema in parts(files.load(name)):
        if path.startswith(place + "/"):
            found |= schema.get("properties", {}).keys()
    return found


@pytest.mark.parametrize("name", NAMES)
def test_severities_of_every_kind_have_a_default(name: str) -> None:
    defaults = files.load(name)["x-promptls"]["defaults"]
    assert set(defaults) == {
        "unknown-key",
        "missing-key",
        "wrong-type",
        "invalid-value",
        "deprecated-key",
        "ignored-key",
    }


def test_the_rename_table_from_v1_to_v2_is_whole() -> None:
    """What microsoft/prompty's migration guide renames (web/src/content/docs/migration.mdx at 75e4d0e)."""
    renamed = {
        path.rsplit("/", 1)[-1]: schema["x-promptls"]["replacedBy"]
        for path, _, schema in keys("prompty-v2")
        if "replacedBy" in schema.get("x-promptls", {})
    }
    expected = {
        "api": "apiType",
        "configuration": "connection",
        "parameters": "options",
        "max_tokens": "maxOutputTokens",
        "top_p": "topP",
        "frequency_penalty": "frequencyPenalty",
        "presence_penalty": "presencePenalty",
        "stop": "stopSequences",
        "authors": "metadata.authors",
        "tags": "metadata.tags",
        "version": "metadata.version",
    }
    assert expected.items() <= renamed.items()


def test_json_types_are_those_of_the_standard() -> None:
    values: tuple[Any, ...] = (None, True, 1, 1.0, 1.5, "a", [], {})
    assert [json_type(value) for value in values] == [
        "null",
        "boolean",
        "integer",
        "integer",
        "number",
        "string",
        "array",
        "object",
    ]
