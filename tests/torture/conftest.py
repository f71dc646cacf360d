"""Counts what the torture does; `tests/conftest.py` says so at the end of the run."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.torture.tally import Tally


@pytest.fixture
def tally(request: pytest.FixtureRequest) -> Iterator[Tally]:
    counted = Tally()
    yield counted
    request.node.user_properties += counted.counts().items()
