"""The words that a template language brings along, as a format's runtime sets it up."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from promptls.schema.files import table
from promptls.syntax.template import DIALECTS

Words = Mapping[str, Mapping[str, Any]]


@lru_cache(maxsize=64)
def dialect_words(dialect: str, section: str, runtime: str = "") -> Words:
    """The rows of a section (``filters``, ``tags``, ``helpers`` …) of a dialect's table by name: those of the language
    and those that ``runtime`` registers. None of a dialect that is not read or a section that its table does not have.
    """
    if dialect not in DIALECTS:
        return {}
    return {name: row for name, row in _rows(dialect, section).items() if row.get("runtime") in (None, runtime)}


def registered(dialect: str, runtime: str) -> tuple[str, ...]:
    """The helpers that only ``runtime`` registers; none where it is empty."""
    known = dialect_words(dialect, "helpers", runtime)
    return tuple(name for name, row in known.items() if row.get("runtime") == runtime)


@lru_cache(maxsize=64)
def lacking(dialect: str) -> Mapping[str, Words]:
    """What a dialect that is written as another one has not, or reads otherwise, by section and name.

    Each row has a ``message`` and a ``severity``, or an ``instead``."""
    found: Mapping[str, Words] = table(dialect).get("lacks", {}) if dialect in DIALECTS else {}
    return found


def _rows(dialect: str, section: str) -> Words:
    rows: Words = table(dialect).get(section, {})
    return {name: _like(section, name, row) for name, row in rows.items()}


def _like(section: str, name: str, row: Mapping[str, Any]) -> Mapping[str, Any]:
    """A row that says ``like`` is the other table's, with its own words over it; not its place in a subset."""
    if "like" not in row:
        return row
    other: Mapping[str, Any] = table(row["like"])[section][name]
    merged = {**other, **row}
    if "members" in row:
        merged["members"] = {
            member: _without_subset({**other["members"][member], **own}) for member, own in row["members"].items()
        }
    return _without_subset(merged)


def _without_subset(row: Mapping[str, Any]) -> Mapping[str, Any]:
    return {word: value for word, value in row.items() if word != "portable"}


@lru_cache(maxsize=64)
def called_alone(dialect: str, runtime: str = "") -> frozenset[str]:
    """The names that are calls also without arguments, where a bare name is else a variable: the engine looks for a
    helper first."""
    return frozenset(dialect_words(dialect, "helpers", runtime))
