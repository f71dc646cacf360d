"""Stops calling an endpoint that keeps failing, for a while, so that a route goes on at once.

In memory, one for each address: another process finds out by itself.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic
from typing import Final

FAILURES: Final = 5
"""Failures in a row, none of them the request's fault, that open the circuit."""
PAUSE: Final = 30.0
"""Seconds until one call is let through to try."""
COUNTED: Final = frozenset(
    {"overloaded", "server", "loading", "dns", "refused", "tls", "timeout", "connection", "proxy"}
)


@dataclass(slots=True)
class _Circuit:
    failures: int = 0
    opened: float | None = None
    trying: bool = False


class Breakers:
    """One circuit for each name: closed, open, or half open while one call tries."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._circuits: dict[str, _Circuit] = {}

    def wait(self, name: str) -> float:
        """Seconds for which nothing is called; 0 where the call may be made (and is then to be told of)."""
        circuit = self._circuits.get(name)
        if circuit is None or circuit.opened is None:
            return 0.0
        left = circuit.opened + PAUSE - self._clock()
        if left > 0:
            return left
        if circuit.trying:
            return PAUSE
        circuit.trying = True
        return 0.0

    def told(self, name: str, failure: str = "") -> None:
        """How a call ended: the kind of its failure, empty where it answered. What is nobody's fault but the request's
        shows that the endpoint is well."""
        circuit = self._circuits.setdefault(name, _Circuit())
        circuit.trying = False
        if failure == "cancelled":
            return
        if failure not in COUNTED:
            self._circuits.pop(name)
            return
        circuit.failures += 1
        if circuit.failures >= FAILURES:
            circuit.opened = self._clock()
