"""Which of the choices fit what is typed, and in which order they are shown."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from promptls.ide.completion.item import Completion


def fits(typed: str, label: str) -> bool:
    """Whether the typed letters occur in the label in their order, the first one at the start of a word."""
    if not typed:
        return True
    typed, low = typed.casefold(), label.casefold()
    starts = [at for at, letter in enumerate(low) if letter == typed[0] and _starts_word(label, at)]
    return any(_follows(typed, low, at) for at in starts)


def arranged(items: Iterable[Completion], typed: str) -> tuple[Completion, ...]:
    """Those that fit, each label once, what starts with the typed letters first, else in the given order.

    Editors sort by ``sort``; it is the place in this order.
    """
    found: dict[str, Completion] = {}
    for item in items:
        if fits(typed, item.filter or item.label):
            found.setdefault(item.label, item)
    low = typed.casefold()
    ordered = sorted(found.values(), key=lambda item: not (item.filter or item.label).casefold().startswith(low))
    return tuple(
        replace(item, sort=f"{place:04}", preselect=place == 0 and bool(typed)) for place, item in enumerate(ordered)
    )


def _starts_word(label: str, at: int) -> bool:
    if at == 0:
        return True
    before, here = label[at - 1], label[at]
    return not before.isalnum() or (here.isupper() and not before.isupper())


def _follows(typed: str, low: str, at: int) -> bool:
    for letter in typed:
        at = low.find(letter, at) + 1
        if not at:
            return False
    return True
