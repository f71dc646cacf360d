"""The command line in an empty folder that is its own repository, so that nothing outside of it is found."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.calls import Promptls


@pytest.fixture
def promptls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Promptls:
    folder = tmp_path / "work"
    (folder / ".git").mkdir(parents=True)
    monkeypatch.chdir(folder)
    for name in ("NO_COLOR", "FORCE_COLOR", "PROMPTLS_DEBUG"):
        monkeypatch.delenv(name, raising=False)
    # A mistake of our own fails the test with its trace.
    monkeypatch.setenv("PROMPTLS_DEBUG", "1")
    return Promptls(folder, capsys)
