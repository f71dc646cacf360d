"""Plain data as the lines of a YAML header: block style, so that a person can change and diff it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from math import isfinite
from typing import Any, Final

from promptls.formats.written import as_yaml

_DEEPEST: Final = 12
_SHORT: Final = 60
_AS_WRITTEN = re.compile(r"[^\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]+")


def block(data: Mapping[str, Any], indent: int = 0) -> Iterator[str]:
    """The lines of a mapping, without line ends. What is no plain data is written as its text."""
    for key, value in data.items():
        yield from _entry(" " * indent + as_yaml(str(key)) + ":", value, indent)


def _entry(opening: str, value: Any, indent: int) -> Iterator[str]:
    inner = indent + 2
    if inner > 2 * _DEEPEST:
        yield f"{opening} {as_yaml(value)}"
    elif isinstance(value, Mapping) and value:
        yield opening
        yield from block(value, inner)
    elif isinstance(value, list | tuple) and value and not _on_one_line(value):
        yield opening
        for item in value:
            if isinstance(item, Mapping) and item and inner + 2 <= 2 * _DEEPEST:
                first, *more = block(item, inner + 2)
                yield " " * inner + "- " + first.lstrip(" ")
                yield from more
            else:
                yield from _entry(" " * inner + "-", item, inner)
    elif isinstance(value, float) and isfinite(value):
        yield f"{opening} {Decimal(repr(value)):f}"
    elif isinstance(value, str) and _is_literal(value):
        yield f"{opening} |" + ("" if value.endswith("\n") else "-")
        yield from (" " * inner + line if line else "" for line in value.removesuffix("\n").split("\n"))
    elif isinstance(value, list | tuple):
        yield f"{opening} [{', '.join(as_yaml(item, flow=True) for item in value)}]"
    else:
        yield f"{opening} {as_yaml(value)}"


def _on_one_line(values: list[Any] | tuple[Any, ...]) -> bool:
    simple = all(isinstance(item, str | int | float | bool | None) and "\n" not in str(item) for item in values)
    return simple and sum(len(str(item)) + 2 for item in values) <= _SHORT


def _is_literal(text: str) -> bool:
    """Whether the text can stand below its key as it is."""
    return (
        "\n" in text.removesuffix("\n")
        and not text.startswith((" ", "\t", "\n"))
        and not text.endswith("\n\n")
        and "---" not in text  # some loaders end a header there
        and _AS_WRITTEN.fullmatch(text) is not None
    )
