"""Counts what the torture did, and says so at the end of the run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from tests.torture.tally import Tally


@pytest.fixture
def tally(request: pytest.FixtureRequest) -> Iterator[Tally]:
    counted = Tally()
    yield counted
    request.node.user_properties += counted.counts().items()


@pytest.hookimpl
def pytest_terminal_summary(terminalreporter: Any) -> None:
    total: Counter[str] = Counter()
    for reports in terminalreporter.stats.values():
        for report in reports:
            if getattr(report, "when", "") == "teardown":
                total.update({key: count for key, count in report.user_properties if key in Tally.COUNTED})
    if total:
        counts = ", ".join(f"{total[name]:,} {name}" for name in Tally.COUNTED)
        terminalreporter.write_line(f"torture: {counts}")
