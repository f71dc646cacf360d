"""Real servers on loopback: they start once for a test run and end with it."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from promptls.providers.embedded import EmbeddedServer, Installed


def needs(module: str) -> None:
    """Skips where a test's server is not installed; CI has them all."""
    if not os.environ.get("CI"):
        pytest.importorskip(module, reason=f"{module} is installed by `make test-all`")


@pytest.fixture(scope="session")
def llama(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """llama.cpp's own server with a model of random weights: its base URL and its key."""
    needs("xllamacpp")
    needs("gguf")
    from tests.real.tiny_model import write

    weights = write(tmp_path_factory.mktemp("model") / "tiny.gguf")
    server = EmbeddedServer(Installed(Path(sys.executable), weights))
    try:
        yield server.start(), server.key
    finally:
        server.close()
