"""The table of the README says what the tests of the editors show."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.editors.seen import README

pytestmark = pytest.mark.editor


def test_the_readme_is_as_the_tests_are() -> None:
    """`python -m tests.editors.seen` writes it."""
    command = [sys.executable, "-m", "tests.editors.seen", "--check"]
    done = subprocess.run(command, cwd=README.parent, capture_output=True, text=True, timeout=400, check=False)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
