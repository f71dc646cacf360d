"""What runs used: tokens, money, time and errors, by day, provider, model or prompt."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from typing import Any, Final, NamedTuple

from promptls.runs.database import Database

BY: Final = ("day", "provider", "model", "prompt")
_NAMES: Final = {"provider": "provider", "model": "target", "prompt": "prompt"}


class Row(NamedTuple):
    """``name``: a day (``2026-11-21``, of this machine's clock), a provider, a provider/model or a prompt. ``cost``:
    US dollars of the runs whose price is known; ``unpriced``: how many are not. Times in seconds: the median and what
    19 of 20 keep to; None where nothing ended."""

    name: str
    runs: int
    failed: int
    stopped: int
    input_tokens: int
    output_tokens: int
    cost: float
    unpriced: int
    latency: float | None
    latency_95: float | None
    first_token: float | None
    first_token_95: float | None

    def as_data(self) -> dict[str, Any]:
        return self._asdict()


def usage(database: Database, by: str = "day", *, since: float = 0.0) -> tuple[Row, ...]:
    """The rows, days from the newest, others by what they cost and how often they ran. Echoes count for nothing."""
    found = database.execute(
        """
        SELECT started, provider, target, prompt, status, input_tokens, output_tokens, cost, latency, first_token
        FROM run WHERE started >= ? AND provider != 'echo' AND status != 'running'
        """,
        (since,),
    )
    groups: dict[str, list[Any]] = {}
    for row in found:
        name = time.strftime("%Y-%m-%d", time.localtime(row["started"])) if by == "day" else row[_NAMES[by]]
        groups.setdefault(str(name), []).append(row)
    rows = [_row(name, group) for name, group in groups.items()]
    if by == "day":
        return tuple(sorted(rows, key=lambda row: row.name, reverse=True))
    return tuple(sorted(rows, key=lambda row: (-row.cost, -row.runs, row.name)))


def total(rows: Iterable[Row]) -> Row:
    """All of them together, without the times: those cannot be added."""
    all_rows = list(rows)

    def added(index: int) -> Any:
        return sum(row[index] for row in all_rows)

    return Row("in all", added(1), added(2), added(3), added(4), added(5), added(6), added(7), None, None, None, None)


def _row(name: str, group: Sequence[Any]) -> Row:
    finished = [row for row in group if row["status"] == "finished"]
    latencies = sorted(float(row["latency"]) for row in finished if row["latency"] is not None)
    first = sorted(float(row["first_token"]) for row in finished if row["first_token"] is not None)
    return Row(
        name,
        len(group),
        sum(row["status"] == "failed" for row in group),
        sum(row["status"] in ("cancelled", "interrupted") for row in group),
        sum(row["input_tokens"] or 0 for row in group),
        sum(row["output_tokens"] or 0 for row in group),
        sum(row["cost"] or 0.0 for row in group),
        # What failed before anything was sent has cost nothing.
        sum(row["cost"] is None and row["input_tokens"] is not None for row in group),
        _percentile(latencies, 0.5),
        _percentile(latencies, 0.95),
        _percentile(first, 0.5),
        _percentile(first, 0.95),
    )


def _percentile(ordered: Sequence[float], part: float) -> float | None:
    """The value that this part of them does not exceed."""
    if not ordered:
        return None
    return ordered[min(len(ordered) - 1, max(0, -(-int(part * 1000) * len(ordered) // 1000) - 1))]
