"""How much of the torture is done, what was done of it, and what failed."""

from __future__ import annotations

import os
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import ClassVar, TypeVar

SHARE = min(1.0, max(0.001, float(os.environ.get("PROMPTLS_TORTURE") or 0.2)))
"""The part of all prefixes, deletions and edits that `make torture` looks at; PROMPTLS_TORTURE=1 is each of them."""

Item = TypeVar("Item")


def share(items: Sequence[Item], which: int, part: float = SHARE) -> Sequence[Item]:
    """Every so-many-th of the items, another first one for each ``which``."""
    step = max(1, round(1 / part))
    return items[which % step :: step]


class Tally:
    """Counts, and keeps the first failures."""

    COUNTED: ClassVar = ("documents", "requests", "failures")

    def __init__(self) -> None:
        self.documents = 0
        self.requests = 0
        self.failures = 0
        self.first: list[str] = []

    def counts(self) -> dict[str, int]:
        return {name: getattr(self, name) for name in self.COUNTED}

    @contextmanager
    def one(self, what: str) -> Iterator[None]:
        """One document. What fails is counted, and the others go on."""
        self.documents += 1
        try:
            yield
        except Exception:
            self.failures += 1
            if len(self.first) < 5:
                self.first.append(f"{what}\n{traceback.format_exc(limit=-6)}")

    def settle(self, requests: int) -> None:
        """The end: nothing may have failed."""
        self.requests += requests
        assert not self.failures, f"{self.failures} failures, the first of them:\n" + "\n".join(self.first)
