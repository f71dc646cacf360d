"""The table of models: dated, with its source, one row for each model of each service, and nothing guessed."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from promptls.schema.files import table
from promptls.schema.models import dated, facts_of
from tests.oracles import models

ROW = {
    "litellm_provider": "openai",
    "mode": "chat",
    "max_input_tokens": 1000,
    "max_output_tokens": 100,
    "input_cost_per_token": 2.5e-06,
    "output_cost_per_token": 1e-05,
}


def test_the_table_says_when_and_from_where() -> None:
    date, source = dated()
    assert datetime.date.fromisoformat(date) > datetime.date(2026, 1, 1)
    assert "litellm" in source
    assert "MIT" in source


def test_every_row_holds_facts_alone() -> None:
    known = {"window", "output_limit", "input", "output", "cached", "kind", "long"}
    for service, rows in table("models")["services"].items():
        for name, row in rows.items():
            assert row.keys() <= known, (service, name)
            numbers = [value for value in row.values() if not isinstance(value, str | dict)]
            assert all(isinstance(value, int | float) and value >= 0 for value in numbers), (service, name)


def test_its_services_are_ours() -> None:
    assert table("models")["services"].keys() <= models.SERVICES.keys()


def test_a_known_model_has_a_window_and_prices() -> None:
    found = facts_of("openai", "gpt-4o")
    assert found is not None
    assert (found.window, found.input, found.output) == (128_000, 2.5, 10)


def test_what_is_not_in_the_table_is_unknown() -> None:
    assert facts_of("openai", "gpt-4o-of-our-own") is None
    assert facts_of("vllm", "gpt-4o") is None
    assert facts_of("", "") is None


def test_a_service_that_offers_other_makers_models_has_their_windows_and_its_own_prices() -> None:
    found = facts_of("github-models", "openai/gpt-4o")
    assert found is not None
    assert found.window == 128_000
    assert found.input is None


@pytest.mark.parametrize(
    ("name", "row", "expected"),
    [
        ("gpt-x", {}, {"window": 1000, "output_limit": 100, "input": 2.5, "output": 10}),
        ("openai/gpt-x", {}, {"window": 1000, "output_limit": 100, "input": 2.5, "output": 10}),
        ("gpt-x", {"mode": "moderation"}, None),
        ("gpt-x", {"litellm_provider": "resold"}, None),
        ("eu/gpt-x", {}, None),
        (
            "gpt-x",
            {"input_cost_per_token_above_200k_tokens": 5e-06, "output_cost_per_token_above_200k_tokens": 2e-05},
            {
                "window": 1000,
                "output_limit": 100,
                "input": 2.5,
                "output": 10,
                "long": {"over": 200_000, "input": 5, "output": 20},
            },
        ),
    ],
)
def test_the_generator_takes_what_can_be_called_by_that_name(
    name: str, row: dict[str, Any], expected: dict[str, Any] | None
) -> None:
    made = models.made({name: {**ROW, **row}}, "1.0", "2026-01-01")
    assert made["services"]["openai"].get("gpt-x") == expected
