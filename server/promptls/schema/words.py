"""How the schema room says things to people: types, values, lists, and what a mistyped name may have meant."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

TYPE_WORDS = {
    "object": "map",
    "array": "list",
    "boolean": "true or false",
    "null": "nothing",
    "integer": "whole number",
}
_CUTOFF = 0.75
_MOST = 8


def type_word(name: str) -> str:
    """``map``, ``list``, ``string`` … for a JSON type."""
    return TYPE_WORDS.get(name, name)


def expected(types: Sequence[str]) -> str:
    """``a string or a map``."""
    return " or ".join(_one(name) for name in types if name != "null" or len(types) == 1)


def _one(name: str) -> str:
    return type_word(name) if name in ("boolean", "null") else f"a {type_word(name)}"


def shown(value: Any) -> str:
    """A written value as a message names it: ``the string `hot` ``, ``a list``."""
    match value:
        case str():
            return f"the string `{short(value)}`"
        case bool() | int() | float():
            return f"`{as_yaml(value)}`"
        case None:
            return "nothing"
        case list() | tuple():
            return "a list"
        case _:
            return "a map"


def short(text: str, most: int = 40) -> str:
    text = " ".join(text.split())
    return text if len(text) <= most else text[: most - 1] + "…"


def one_of(values: Sequence[Any]) -> str:
    """``one of `a`, `b`, `c` ``; long lists end in an ellipsis."""
    if len(values) == 1:
        return f"`{_bare(values[0])}`"
    names = ", ".join(f"`{_bare(value)}`" for value in values[:_MOST])
    return f"one of {names}" + (", …" if len(values) > _MOST else "")


def _bare(value: Any) -> str:
    return short(value) if isinstance(value, str) else as_yaml(value)


_PLAIN = re.compile(r"[A-Za-z_$/.][\w$/.-]*(?: [\w$/.()-]+)*")
_OTHER = frozenset({"true", "false", "null", "~", ".inf", ".nan"})
_OTHER_11 = frozenset({"y", "n", "yes", "no", "on", "off"})


def as_yaml(value: Any, *, yaml11: bool = False) -> str:
    """The value as it is written in YAML, on one line; a string that would be read as something else is quoted.

    ``yaml11``: also one that only a loader of YAML 1.1 misreads (``on``, ``no``).
    """
    if isinstance(value, str) and _PLAIN.fullmatch(value):
        reserved = _OTHER | _OTHER_11 if yaml11 else _OTHER
        if value.lower() not in reserved:
            return value
    return json.dumps(value, ensure_ascii=False)


@lru_cache(maxsize=4096)
def nearest(written: str, known: tuple[str, ...]) -> str | None:
    """The known name that was meant: the same but for case and ``_``/``-``, or a small typing error.

    In a name of three letters only swapped ones count as such, in a shorter one nothing: too many words are near.
    """
    plain = _plain(written)
    names = {_plain(name): name for name in reversed(known)}
    if plain in names:
        return names[plain]
    if len(plain) <= 3:
        return (
            next((name for short, name in names.items() if sorted(short) == sorted(plain)), None) if plain[2:] else None
        )
    if len(plain) > 60:
        return None
    close = difflib.get_close_matches(plain, names, n=1, cutoff=_CUTOFF)
    return names[close[0]] if close else None


def _plain(name: str) -> str:
    return re.sub(r"[\s_-]", "", name).casefold()
