"""Did you mean: which known names a name may be a slip of."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

_LONGEST = 60
_MOST_KNOWN = 500
_MOST_CLOSE = 60
"""Names that are looked at, and those of them with much the same letters that are compared: no person has more."""


def nearest(name: str, known: Iterable[str]) -> tuple[str, ...]:
    """The known names that are fewest slips away, in their own order; empty when none is near.

    A slip is a letter added, lost, changed or swapped with its neighbour. A name of up to two letters has no
    near miss, one of up to four may have one slip, of up to eight two, others three. The same letters with
    other case or separators (``max_tokens``, ``maxTokens``) are nearer than any slip.
    """
    if not name or len(name) > _LONGEST:
        return ()
    limit = 0 if len(name) <= 2 else 1 if len(name) <= 4 else 2 if len(name) <= 8 else 3
    letters = set(name.lower())
    best: list[str] = []
    least = limit + 1
    left = _MOST_CLOSE
    for other in islice(dict.fromkeys(known), _MOST_KNOWN):
        if other == name or len(other) > _LONGEST or len(letters ^ set(other.lower())) > 2 * limit + 2:
            continue
        left -= 1
        if left < 0:
            break
        far = 0 if _letters(other) == _letters(name) else max(1, _slips(name, other, least))
        if far > limit or far > least:
            continue
        if far < least:
            best, least = [], far
        best.append(other)
    return tuple(best)


def or_list(names: Iterable[str]) -> str:
    """For people: ```a`, `b` or `c` ``."""
    quoted = [f"`{name}`" for name in names]
    return " or ".join([", ".join(quoted[:-1]), quoted[-1]] if len(quoted) > 1 else quoted)


def did_you_mean(names: Iterable[str]) -> str:
    """``; did you mean `a` or `b`?``, or nothing where there is nothing to mean."""
    listed = or_list(names)
    return f"; did you mean {listed}?" if listed else ""


def _letters(name: str) -> str:
    return name.replace("_", "").replace("-", "").lower()


def _slips(a: str, b: str, most: int) -> int:
    """Optimal string alignment distance; ``most + 1`` as soon as it is known to be more than ``most``."""
    if abs(len(a) - len(b)) > most:
        return most + 1
    before: list[int] = []
    above = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        row = [i]
        for j, y in enumerate(b, 1):
            cost = min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (x != y))
            if i > 1 and j > 1 and x == b[j - 2] and a[i - 2] == y:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
        before, above = above, row
    return above[-1]
