"""Shared by all tests: in CI a skipped test is a failure, because everything that a test may need is there."""

from __future__ import annotations

import json
import os
import signal
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.torture.tally import Tally

# Of promptls, and of a terminal: how wide it is, and whether it has colours.
_OF_A_PERSON = ("PROMPTLS_POLICY", "PROMPTLS_OFFLINE", "COLUMNS", "LINES", "NO_COLOR", "FORCE_COLOR")
_SERVICES = Path(__file__).parents[1] / "schemas" / "data" / "services.json"


@pytest.fixture(scope="session", autouse=True)
def _nobody_in_particular(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No key, no configuration and no history of whoever runs the tests is read, and none is left behind."""
    folder = tmp_path_factory.mktemp("nobody")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PROMPTLS_STATE", str(folder / "state"))
        patch.setenv("PROMPTLS_USER_CONFIG", str(folder / "promptls.yaml"))
        patch.setenv("PROMPTLS_DATA", str(folder / "data"))
        patch.setenv("TERM", "xterm-256color")
        for name in _OF_A_PERSON:
            patch.delenv(name, raising=False)
        for service in json.loads(_SERVICES.read_text(encoding="utf-8"))["services"].values():
            for name in (*service.get("keys", ()), *service.get("base_url_env", ())):
                patch.delenv(name, raising=False)
        yield


@pytest.fixture(scope="session", autouse=True)
def _ended_as_usual() -> None:
    """What a shell ignores for `make test &` and nohup, the programs of the tests would ignore as well."""
    for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGCHLD"):
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, signal.default_int_handler if name == "SIGINT" else signal.SIG_DFL)


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
