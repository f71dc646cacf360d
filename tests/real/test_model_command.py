"""`promptls model install`: asks, downloads, and the model that it installs answers."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from promptls.providers import embedded
from tests.cli.calls import Promptls

pytestmark = pytest.mark.real


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Promptls:
    monkeypatch.setenv(embedded.DATA_VARIABLE, str(tmp_path))
    return Promptls(tmp_path, capsys)


def test_nobody_to_ask_is_no(run: Promptls) -> None:
    asked = run("model", "install")
    assert asked.code == 3
    assert "--yes" in asked.err
    assert not embedded.folder().exists()


def test_it_is_installed_shown_used_and_removed(run: Promptls) -> None:
    installed = run("model", "install", "--yes")
    assert installed.code == 0, installed.err
    assert "embedded/smollm2" in run("model").out

    server = embedded.EmbeddedServer()
    try:
        base = server.start()
        asked = {
            "messages": [
                {"role": "system", "content": "You are a helpful assistant."},
                {"role": "user", "content": "What is the capital of France?"},
            ],
            "max_tokens": 24,
            "temperature": 0,
        }
        with httpx.Client(trust_env=False, timeout=60) as client:
            answer = client.post(
                f"{base}/chat/completions", json=asked, headers={"authorization": f"Bearer {server.key}"}
            )
        assert "Paris" in answer.json()["choices"][0]["message"]["content"]
    finally:
        server.close()

    assert run("model", "remove").code == 0
    assert embedded.installed() is None
