"""What two texts do not share."""

from __future__ import annotations

from promptls.text.span import Span


def difference(old: str, new: str) -> tuple[Span, str] | None:
    """The one place of ``old`` and what stands there in ``new``, without what both begin and end with; None where they
    are the same."""
    if old == new:
        return None
    head = _shared(old, new)
    tail = _shared(old[head:][::-1], new[head:][::-1])
    return Span(head, len(old) - tail), new[head : len(new) - tail]


def _shared(one: str, other: str) -> int:
    """How many characters both begin with; by halves, since a long answer is compared four times a second."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low
