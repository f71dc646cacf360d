"""Whether a pattern of somebody's schema can be tried on a text without waiting for ever.

Python's matching goes back and tries again, and nothing stops it meanwhile. So the steps are estimated from above: each
repetition may begin and end anywhere, each choice may be taken.
"""

from __future__ import annotations

import re
from typing import Final

_MOST: Final = 10_000_000
"""Steps: well below a second."""
_LONGEST: Final = 1000
"""Characters of a pattern: to look into a longer one takes long itself."""
_RISKY: Final = re.compile(r"\([^()]*[+*{|?][^()]*\)[+*{]|\\[1-9]|\(\?[^:]|\((?:[^()]*\()")
"""A repeated group with a choice or a repetition in it, a look around, a reference back: what backtracks."""
_CHARACTER: Final = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]", re.DOTALL)
_FIXED: Final = re.compile(r"\{\d+\}")
_GROUP: Final = re.compile(r"\((?:\?:)?([^()]*)\)")


def is_affordable(pattern: str, length: int) -> bool:
    """``length``: of the text; where it is not, the text is taken to fit."""
    if len(pattern) > _LONGEST or _RISKY.search(pattern):
        return False
    plain = _FIXED.sub("", _CHARACTER.sub("x", pattern))
    steps: int = 1 if plain.startswith("^") and "|" not in plain.partition("(")[0] else length + 1
    for group in _GROUP.findall(plain):
        steps *= group.count("|") + 1
    plain = plain.replace("(?:", "(")
    steps <<= min(plain.count("?"), 64)
    for _ in range(min(sum(map(plain.count, "*+{")), 64)):
        steps *= length + 1
    return steps <= _MOST
