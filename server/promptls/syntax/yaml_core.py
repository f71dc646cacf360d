"""What a plain scalar means by YAML 1.2's core schema (https://yaml.org/spec/1.2.2/#103-core-schema)."""

from __future__ import annotations

import re
from typing import Any, Final

_CORE_TAG = "tag:yaml.org,2002:"
_INT = re.compile(r"[-+]?[0-9]+\Z")
_OCTAL = re.compile(r"0o[0-7]+\Z")
_HEX = re.compile(r"0x[0-9a-fA-F]+\Z")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?\Z")
_WORDS: Final[dict[str, Any]] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **{sign + word: float(sign + "inf") for sign in ("", "+", "-") for word in (".inf", ".Inf", ".INF")},
    **dict.fromkeys((".nan", ".NaN", ".NAN"), float("nan")),
}
_MAX_NUMBER = 300
_NUMBER_START = frozenset("-+.0123456789")

KNOWN_TAGS = frozenset(
    _CORE_TAG + name
    for name in (
        *("str", "int", "float", "bool", "null", "map", "seq"),
        *("binary", "timestamp", "omap", "pairs", "set"),
    )
)
"""The tags that PyYAML's SafeLoader, and so Prompty, can construct."""


def plain_value(text: str) -> Any:
    """The value of an unquoted scalar. Dates are strings in 1.2; so is a number too long to be one.

    Python neither reads nor prints integers beyond some thousand digits, and nobody means one.
    """
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in _NUMBER_START or len(text) > _MAX_NUMBER:
        return text
    if _INT.match(text):
        return int(text)
    if _OCTAL.match(text) or _HEX.match(text):
        return int(text, 0)
    if _FLOAT.match(text):
        return float(text)
    return text


def tagged_value(text: str, tag: str) -> Any:
    """The value of a scalar with an explicit tag; unknown tags and misfits give the text: nothing is constructed."""
    name = tag.removeprefix(_CORE_TAG) if tag.startswith(_CORE_TAG) else ""
    value = plain_value(text) if name in ("int", "float", "bool", "null") else text
    match name, value:
        case "int", int() if not isinstance(value, bool):
            return value
        case "float", (int() | float()) if not isinstance(value, bool):
            try:
                return float(value)
            except OverflowError:
                return text
        case "bool", bool():
            return value
        case "null", None:
            return None
    return text
