"""Shared by all tests: in CI a skipped test is a failure, because everything that a test may need is there."""

from __future__ import annotations

import os
from collections import Counter
from typing import Any

import pytest

from tests.torture.tally import Tally


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    reporter: Any = session.config.pluginmanager.get_plugin("terminalreporter")
    skipped = len(reporter.stats.get("skipped", [])) if reporter else 0
    if skipped and exitstatus == 0 and os.environ.get("CI"):
        reporter.write_line(f"{skipped} skipped: in CI each of them is a failure", red=True)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """How much torture there was, in whichever process."""
    total: Counter[str] = Counter()
    for reports in terminalreporter.stats.values():
        for report in reports:
            if getattr(report, "when", "") == "teardown":
                total.update({key: count for key, count in report.user_properties if key in Tally.COUNTED})
    if total:
        counts = ", ".join(f"{total[name]:,} {name}" for name in Tally.COUNTED)
        terminalreporter.write_line(f"torture: {counts}")
