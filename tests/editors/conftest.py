"""What the tests of several editors need once."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.editors.vscode import CLIENT


@pytest.fixture(scope="session")
def vsix() -> Path:
    """The extension for VS Code as `make vscode` packs it from this checkout."""
    subprocess.run([sys.executable, str(CLIENT / "build.py")], check=True, capture_output=True, timeout=300)
    (made,) = CLIENT.glob("*.vsix")
    return made
