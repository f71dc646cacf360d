"""Plain scalars by YAML 1.1: as PyYAML reads them."""

from __future__ import annotations

import datetime
import random

import pytest
import yaml

from promptls.syntax.yaml_old import plain_value_11

WORDS = (
    *("yes", "No", "ON", "off", "true", "FALSE", "y", "n", "null", "~", ".inf", "-.INF", ".nan", "2024-01-01"),
    *("014", "0o14", "0b11", "0x1F", "1_000", "+1", "-0", "08", "0b_", "0x_", "00", "-014", "1__0", "_1"),
    *("1e3", "1.5e3", "1.5e+3", ".5", "-.5", "1.", ".e3", "3.14", "1.2.3"),
    *("1:30", "190:20:30", "1:30.5", "1:99", "1:2:3"),
)


@pytest.mark.parametrize("text", WORDS)
def test_a_word(text: str) -> None:
    agrees(text)


def test_anything_of_digits_and_signs() -> None:
    chance = random.Random(11)
    for _ in range(5000):
        agrees("".join(chance.choice("0179_.:eE+-xbof") for _ in range(chance.randrange(1, 8))))


def agrees(text: str) -> None:
    try:
        (read,) = yaml.safe_load(f"[{text}]")
    except Exception:
        assert plain_value_11(text) is not None
        return
    if isinstance(read, dict | datetime.date) or read == "=":
        return
    found = plain_value_11(text)
    assert type(found) is type(read), text
    assert found == read or found != found, text
