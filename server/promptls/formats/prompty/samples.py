"""Values for the inputs that the file itself holds."""

from __future__ import annotations

from collections.abc import Mapping as Data
from typing import Any

from promptls.formats.beside import IN_THE_FILE
from promptls.formats.source import Source
from promptls.prompt.model import MISSING, Input, Sample
from promptls.text import Span

_DEEPEST = 100


def in_file(source: Source, inputs: tuple[Input, ...], filled: Data[str, Any]) -> Sample | None:
    """What the file itself gives each input: its example, else its default, over what v1's sample says."""
    values = {item.name: _value(item, filled) for item in inputs}
    values = {name: value for name, value in values.items() if value is not MISSING}
    if not values:
        return None
    return Sample(IN_THE_FILE, values, source.location(_place(source)))


def _value(item: Input, filled: Data[str, Any]) -> Any:
    if item.name in filled and item.origin == "sample":
        return filled[item.name]
    return next((value for value in (item.example, filled.get(item.name, MISSING)) if value is not MISSING), MISSING)


def _place(source: Source) -> Span:
    root = source.root()
    entry = (root.entry("sample") or root.entry("inputs")) if root is not None else None
    return entry.key.span if entry is not None else Span(source.tree.span.start, source.tree.span.start)


def stripped(value: Any, depth: int = 0) -> Any:
    """A value with every string in it stripped, as 0.1.50 reads a header."""
    if isinstance(value, str):
        return value.strip()
    if depth > _DEEPEST:
        return value
    if isinstance(value, list):
        return [stripped(each, depth + 1) for each in value]
    return {key: stripped(each, depth + 1) for key, each in value.items()} if isinstance(value, dict) else value
