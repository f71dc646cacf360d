"""What a run will cost, as a range, and whether that is within the budget. Unknown counts as over it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final, TypeAlias

from promptls.runs.plan import Hop
from promptls.runs.prices import output_limit_of, price_at
from promptls.workspace.running import Running

Range: TypeAlias = tuple[float | None, float | None]

_LEAST: Final = 0.7
_MOST: Final = 1.5
"""What an estimate of tokens may be off by, below and above."""
_SHOWN: Final = 0.0001
"""US dollars below which an amount is not told."""


def estimate_of(hops: Iterable[Hop], tokens: int, options: Mapping[str, Any]) -> Range:
    """US dollars for a call of the cheapest and of the dearest of the hops; None for a side that is unknown.

    ``tokens``: of the messages, estimated. The least is what is sent; the most adds the longest answer, which is
    ``max_tokens`` where it is set, else the model's own limit.
    """
    lows: list[float | None] = []
    highs: list[float | None] = []
    for hop in hops:
        price = price_at(hop.endpoint, hop.model)
        if price is None:
            return None, None
        written = options.get("max_tokens")
        answer = written if isinstance(written, int) else output_limit_of(hop.endpoint.service, hop.model)
        least, most = price.at(tokens * _LEAST), price.at(tokens * _MOST)
        lows.append(tokens * _LEAST * least.input / 1e6)
        if most.output == 0:
            highs.append(tokens * _MOST * most.input / 1e6)
        else:
            highs.append(None if answer is None else (tokens * _MOST * most.input + answer * most.output) / 1e6)
    known = [high for high in highs if high is not None]
    return min((low for low in lows if low is not None), default=0.0), (
        max(known, default=0.0) if len(known) == len(highs) else None
    )


def over_budget(estimate: Range, running: Running, spent_today: float) -> str:
    """The question to ask, where a limit may be passed; empty where none is."""
    most = estimate[1]
    cost = f"This run may cost {told(estimate)}"
    if running.per_run is not None and (most is None or most > running.per_run):
        return f"{cost}, and the budget for one run is {money(running.per_run)}. Run it anyway?"
    # What is free takes nothing of the day's budget, however much is left of that.
    if running.per_day is not None and most != 0 and (most is None or spent_today + most > running.per_day):
        unknown = spent_today == float("inf")
        spent = "the history, which counts what was spent today, cannot be read" if unknown else ""
        return (
            f"{cost}, {spent or f'today cost {money(spent_today)} so far'}, "
            f"and the budget for a day is {money(running.per_day)}. Run it anyway?"
        )
    return ""


def told(estimate: Range) -> str:
    """A range for a person: ``$0.0012 to $0.03``."""
    low, high = estimate
    if high is None:
        return "an unknown amount" if not low or low < _SHOWN else f"{money(low)} or more"
    if low is None or money(low) == money(high):
        return money(high)
    return f"up to {money(high)}" if low < _SHOWN else f"{money(low)} to {money(high)}"


def money(dollars: float) -> str:
    if dollars == 0:
        return "$0"
    return f"${dollars:.2f}" if dollars >= 1 else f"${dollars:.2g}" if dollars >= _SHOWN else "less than $0.0001"
