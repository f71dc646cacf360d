"""What a template language brings along, and whether its templates are read at all."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from promptls.schema.files import table
from promptls.syntax.template import DIALECTS

_NONE: Mapping[str, Any] = {}


def is_read(dialect: str) -> bool:
    """Whether there is a parser for it; in a template of another one every name may be used in any way."""
    return dialect in DIALECTS


@cache
def names_of(dialect: str, kind: str) -> Mapping[str, Any]:
    """The ``filters``, ``tests``, ``tags`` or ``globals`` of a dialect by name; none of one without a table."""
    if not is_read(dialect):
        return _NONE
    found: Mapping[str, Any] = table(dialect).get(kind, _NONE)
    return found
