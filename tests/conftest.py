"""Shared by all tests: in CI a skipped test is a failure, because everything that a test may need is there."""

from __future__ import annotations

import os
from typing import Any

import pytest


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    reporter: Any = session.config.pluginmanager.get_plugin("terminalreporter")
    skipped = len(reporter.stats.get("skipped", [])) if reporter else 0
    if skipped and exitstatus == 0 and os.environ.get("CI"):
        reporter.write_line(f"{skipped} skipped: in CI each of them is a failure", red=True)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
