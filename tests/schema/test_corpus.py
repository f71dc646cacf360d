"""Real files against the loaders' verdict: no error where the reference loader takes the file."""

from __future__ import annotations

import json
import random
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from promptls.schema.complete import keys_at, values_at
from promptls.schema.describe import describe
from promptls.schema.validate import Violation, violations
from promptls.syntax.frontmatter import split_unanchored
from promptls.syntax.yaml import parse_yaml, to_data
from tests.shared_files import needs_shared, shared

VERDICTS = json.loads((Path(__file__).parents[1] / "oracles" / "prompty_accepted.json").read_text(encoding="utf-8"))
LOADERS = [("v1", "prompty-v1"), ("v2", "prompty-v2")]
NOT_IN_THE_FILE = ("FileNotFoundError", "ComposerError", "Invalid attribute format", "'NoneType' is not iterable")
"""Why a loader refuses a file other than by what a schema can say: another file, broken YAML, no header at all."""


@cache
def errors(file: str, schema: str) -> tuple[Violation, ...]:
    text = shared(file).read_text(encoding="utf-8")
    header = split_unanchored(text).header
    if header is None:
        return ()
    return tuple(one for one in violations(schema, parse_yaml(text, header)) if one.severity == "error")


@needs_shared
@pytest.mark.parametrize(("loader", "schema"), LOADERS)
def test_no_error_on_a_file_that_its_loader_takes(loader: str, schema: str) -> None:
    taken = [file for file, verdict in VERDICTS.items() if verdict[loader]["load"]]
    assert len(taken) > 30
    wrong = {file: [one.message for one in errors(file, schema)] for file in taken if errors(file, schema)}
    assert wrong == {}


@needs_shared
@pytest.mark.parametrize(("loader", "schema"), LOADERS)
def test_an_error_on_a_file_that_its_loader_refuses_for_its_keys(loader: str, schema: str) -> None:
    refused = {file: verdict[loader]["why"] for file, verdict in VERDICTS.items() if not verdict[loader]["load"]}
    refused = {file: why for file, why in refused.items() if not any(reason in why for reason in NOT_IN_THE_FILE)}
    assert len(refused) > 40
    missed = {file: why for file, why in refused.items() if not errors(file, schema)}
    assert missed == {}


@needs_shared
@pytest.mark.parametrize("count", [60, pytest.param(2_000, marks=pytest.mark.torture)])
def test_no_prefix_of_a_header_breaks_anything(count: int) -> None:
    """Headers cut anywhere, with a fixed seed: judged, completed and described at every place."""
    chance = random.Random(count)
    files = sorted(VERDICTS)
    for _ in range(count):
        text = shared(chance.choice(files)).read_text(encoding="utf-8")
        header = split_unanchored(text).header
        if header is None:
            continue
        cut = text[header.start : chance.randint(header.start, header.end)]
        tree = parse_yaml(cut)
        data = to_data(tree)
        for _, schema in LOADERS:
            for one in violations(schema, tree):
                assert 0 <= one.span.start <= one.span.end <= len(cut)
            for path in some_paths(data):
                keys_at(schema, data, path)
                values_at(schema, data, path)
                describe(schema, data, path)


def some_paths(data: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    below = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    return [path, *(found for step, item in below for found in some_paths(item, (*path, step)))]


HEADERS = json.loads((Path(__file__).parents[1] / "oracles" / "prompty_headers.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize(("loader", "schema"), LOADERS)
def test_an_error_is_exactly_what_the_loader_refuses(loader: str, schema: str) -> None:
    """Small headers that show one thing each; the loaders' verdicts are recorded by tests/oracles/headers.py."""
    disagreed = {}
    for row in HEADERS:
        found = [one.message for one in violations(schema, parse_yaml(row["header"])) if one.severity == "error"]
        if bool(found) == row[loader]["load"]:
            disagreed[row["header"]] = (row[loader].get("why", "taken"), found)
    assert disagreed == {}
