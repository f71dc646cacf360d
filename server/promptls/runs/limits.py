"""Requests, tokens and calls at once, counted for the whole machine in the history's database. Not for a team."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from promptls.runs.history import History
from promptls.workspace.running import Limits

MINUTE: Final = 60.0
_POLL: Final = 0.25
"""Seconds until it is looked again whether one of the calls at once has ended."""


class Held(NamedTuple):
    """Calls that are counted, until they end. ``wait``: seconds until it is worth to ask again, where there are none;
    ``why``: for a person."""

    calls: tuple[int, ...] = ()
    wait: float = 0.0
    why: str = ""


def limits_of(limits: Mapping[str, Limits], provider: str, model: str) -> dict[str, Limits]:
    """What counts for a call, by what it is counted under."""
    return {name: limits[name] for name in (provider, f"{provider}/{model}") if name in limits}


def hold(history: History, limits: Mapping[str, Limits], tokens: int) -> Held:
    """Count a call of about that many tokens under all of its limits, or under none and say how long to wait."""
    if not limits:
        return Held()
    owner = history.owner
    now = time.time()
    with history.database.transaction() as database:
        database.execute("DELETE FROM call WHERE open = 0 AND at < ?", (now - MINUTE,))
        for name, limit in limits.items():
            rows = database.execute("SELECT at, tokens, open FROM call WHERE name = ? ORDER BY at", (name,))
            seen = [(float(row["at"]), int(row["tokens"]), bool(row["open"])) for row in rows]
            wait, why = _wait(name, limit, tokens, seen, now)
            if wait:
                return Held(wait=wait, why=why)
        calls = tuple(
            int(
                database.execute(
                    "INSERT INTO call (name, at, tokens, owner, open) VALUES (?, ?, ?, ?, 1) RETURNING id",
                    (name, now, tokens, owner),
                )[0][0]
            )
            for name in limits
        )
    return Held(calls)


def let_go(history: History, calls: Iterable[int], tokens: int | None) -> None:
    """The calls have ended, with that many tokens where it is known."""
    for call in calls:
        history.database.execute("UPDATE call SET open = 0, tokens = coalesce(?, tokens) WHERE id = ?", (tokens, call))


def _wait(name: str, limit: Limits, tokens: int, seen: list[tuple[float, int, bool]], now: float) -> tuple[float, str]:
    if limit.concurrency is not None and sum(is_open for _, _, is_open in seen) >= max(1, limit.concurrency):
        return _POLL, f"`limits` lets {name} have {limit.concurrency} calls at once"
    recent = [(at, count) for at, count, _ in seen if at > now - MINUTE]
    most = limit.requests_per_minute
    if most is not None and len(recent) >= max(1, most):
        return _until(recent[len(recent) - max(1, most)][0], now), f"`limits` lets {name} have {most} requests a minute"
    most = limit.tokens_per_minute
    used, wait = sum(count for _, count in recent), 0.0
    for at, count in recent:
        if most is None or used + tokens <= most:
            break
        used -= count
        wait = _until(at, now)
    return (wait, f"`limits` lets {name} have {most:,} tokens a minute") if wait else (0.0, "")


def _until(at: float, now: float) -> float:
    return max(0.05, at + MINUTE - now)
