"""In which order an alias calls what it leads to, this time."""

from __future__ import annotations

import random

from promptls.runs.history import History
from promptls.runs.plan import Hop, Target
from promptls.runs.prices import price_at

_NOBODY_MEASURED = 0.0
"""Seconds: what was never called is called first, so that it is measured."""


def order(target: Target, history: History | None, *, chance: random.Random | None = None) -> tuple[Hop, ...]:
    """The hops, the first to call first; the others follow where it fails.

    ``round-robin``: the next one each time, counted on this machine; ``weighted``: by chance, as the weights say;
    ``cheapest``: by the price of as much to read as to write, unknown ones last; ``fastest``: by the time to the first
    token, lately, on this machine.
    """
    hops = target.route
    match target.strategy:
        case "round-robin":
            start = (history.turn(target.alias) if history else 0) % max(1, len(hops))
            return hops[start:] + hops[:start]
        case "weighted":
            return _by_chance(hops, chance or random.Random())  # noqa: S311
        case "cheapest":
            return tuple(sorted(hops, key=_cost))
        case "fastest" if history is not None:
            speeds = {hop.name: history.first_token(hop.name) for hop in hops}
            return tuple(sorted(hops, key=lambda hop: speeds[hop.name] or _NOBODY_MEASURED))
    return hops


def _by_chance(hops: tuple[Hop, ...], chance: random.Random) -> tuple[Hop, ...]:
    left = list(hops)
    drawn = []
    while left:
        weights = [max(hop.weight, 0.0) for hop in left]
        hop = chance.choices(left, weights)[0] if sum(weights) > 0 else left[0]
        left.remove(hop)
        drawn.append(hop)
    return tuple(drawn)


def _cost(hop: Hop) -> float:
    price = price_at(hop.endpoint, hop.model)
    return float("inf") if price is None else price.input + price.output
