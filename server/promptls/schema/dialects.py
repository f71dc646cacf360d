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
    and those that ``runtime`` registers. None of a dialect that is not read or a section that
    its table does not have."""
    if dialect not in DIALECTS:
        return {}
    rows: Words = table(dialect).get(section, {})
    return {name: row for name, row in rows.items() if row.get("runtime") in (None, runtime)}


@lru_cache(maxsize=64)
def called_alone(dialect: str, runtime: str = "") -> frozenset[str]:
    """The names that are calls also without arguments, where a bare name is else a variable: the engine looks for a
    helper first."""
    return frozenset(dialect_words(dialect, "helpers", runtime))
