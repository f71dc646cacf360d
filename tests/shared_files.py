"""Finds the real prompt files and official test cases that live beside the repository, where they are there.

They are other people's files and are not part of the repository; a test that needs them is skipped with its
reason where they are absent. `PROMPTLS_SHARED` names the folder where it is elsewhere.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

SHARED = Path(os.environ.get("PROMPTLS_SHARED") or Path(__file__).resolve().parents[2] / "shared")
needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason=f"needs the files of {SHARED}, which is not there")


def shared(*parts: str) -> Path:
    return SHARED.joinpath(*parts)


def corpus(pattern: str = "**/*.prompty") -> list[Path]:
    """The corpus files that match, in a fixed order; empty where the corpus is absent."""
    return sorted(path for path in shared("corpus").glob(pattern) if path.is_file())
