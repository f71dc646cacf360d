"""Finds the files of `schemas/`: in the wheel they are `promptls/_schemas`, in a checkout they stand at its root."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

_PLACES = (Path(__file__).parents[1] / "_schemas", Path(__file__).parents[3] / "schemas")


@cache
def folder() -> Path:
    """Raises FileNotFoundError when the installation has lost its schemas."""
    for place in _PLACES:
        if (place / "data").is_dir():
            return place
    raise FileNotFoundError(f"promptls is not installed completely: its schemas are not in {_PLACES[0]}")


def names() -> tuple[str, ...]:
    """The schemas that ``load`` knows: ``promptls``, ``prompty-v1`` …"""
    return tuple(sorted(path.stem for path in folder().glob("*.json")))


@cache
def load(name: str) -> dict[str, Any]:
    """The JSON Schema of that name. One dict is shared by all callers, who leave it as it is.

    Raises LookupError for a name that is not in ``names()``.
    """
    return _read(folder() / f"{name}.json")


@cache
def table(name: str) -> dict[str, Any]:
    """A table of ``schemas/data``: ``jinja``, ``mustache``. Shared and unchanged, as with ``load``."""
    return _read(folder() / "data" / f"{name}.json")


def _read(path: Path) -> dict[str, Any]:
    try:
        read: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise LookupError(f"there is no schema file {path.name}") from None
    return read
