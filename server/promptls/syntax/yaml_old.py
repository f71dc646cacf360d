"""What a plain scalar means to a reader of YAML 1.1, as PyYAML's resolver has it (https://yaml.org/type/)."""

from __future__ import annotations

import re
from typing import Any, Final

_BOOLEANS: Final[dict[str, bool]] = {
    form: value
    for value, words in ((True, ("yes", "on", "true")), (False, ("no", "off", "false")))
    for word in words
    for form in (word, word.title(), word.upper())
}
_INT = re.compile(r"[-+]?(?:0b[0-1_]+|0[0-7_]+|0|[1-9][0-9_]*|0x[0-9a-fA-F_]+|[1-9][0-9_]*(?::[0-5]?[0-9])+)\Z")
_FLOAT = re.compile(
    r"(?:[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+][0-9]+)?|\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?"
    r"|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))\Z"
)
_NULLS = frozenset(("", "~", "null", "Null", "NULL"))
_LONGEST = 60
"""Nobody means a longer number, and none is worth the time to read it."""


def plain_value_11(text: str) -> Any:
    """The value of an unquoted scalar; dates and times stay text. Never raises."""
    if text in _NULLS:
        return None
    if text in _BOOLEANS:
        return _BOOLEANS[text]
    if len(text) > _LONGEST:
        return text
    try:
        if _INT.match(text):
            return _whole(text.replace("_", ""))
        if _FLOAT.match(text):
            return _float(text.replace("_", "").lower())
    except ValueError:
        # As `0b_`, which the resolver takes for a number and nothing can read.
        return text
    return text


def _whole(text: str) -> int:
    sign, digits = (-1 if text.startswith("-") else 1), text.lstrip("+-")
    if digits.startswith(("0b", "0x")):
        return sign * int(digits, 0)
    if digits.startswith("0") and digits != "0":
        return sign * int(digits, 8)
    return sign * int(_sixties(digits))


def _float(text: str) -> float:
    sign, digits = (-1.0 if text.startswith("-") else 1.0), text.lstrip("+-")
    if digits in (".inf", ".nan"):
        return sign * float(digits[1:])
    return sign * float(_sixties(digits))


def _sixties(digits: str) -> float:
    """``1:30`` is ninety: the digits are of base 60."""
    if ":" not in digits:
        return float(digits) if "." in digits or "e" in digits else int(digits)
    total: float = 0
    for part in digits.split(":"):
        total = total * 60 + (float(part) if "." in part else int(part))
    return total
