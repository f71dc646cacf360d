"""The small model as a child process: it answers, keeps strangers out, and ends with whoever started it."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from promptls.providers import embedded
from tests.real.conftest import needs
from tests.real.tiny_model import write

pytestmark = pytest.mark.real


def test_it_answers_who_has_the_key_and_nobody_else(llama: tuple[str, str]) -> None:
    base, key = llama
    with httpx.Client(trust_env=False, timeout=60) as client:
        asked = {"messages": [{"role": "user", "content": "Hi"}], "max_tokens": 8}
        answer = client.post(f"{base}/chat/completions", json=asked, headers={"authorization": f"Bearer {key}"})
        stranger = client.post(f"{base}/chat/completions", json=asked)

    assert answer.json()["usage"]["completion_tokens"] == 8
    assert stranger.status_code == 401
    assert base.startswith("http://127.0.0.1:")


def test_it_is_started_again_after_a_crash(tmp_path: Path) -> None:
    needs("xllamacpp")
    needs("gguf")
    server = embedded.EmbeddedServer(embedded.Installed(Path(sys.executable), write(tmp_path / "tiny.gguf")))
    try:
        first = server.start()
        assert server.start() == first
        server._child.kill()  # type: ignore[union-attr]
        server._child.wait()  # type: ignore[union-attr]
        assert _answers(server.start(), server.key)
    finally:
        server.close()


@pytest.mark.skipif(sys.platform == "win32", reason="sends Ctrl-C as a signal")
def test_ctrl_c_in_its_terminal_is_not_its_end(tmp_path: Path) -> None:
    """All of a terminal get it; half-way through its start, the library would hang, and the run that waits for it."""
    needs("xllamacpp")
    needs("gguf")
    server = embedded.EmbeddedServer(embedded.Installed(Path(sys.executable), write(tmp_path / "tiny.gguf")))
    try:
        base = server.start()
        server._child.send_signal(signal.SIGINT)  # type: ignore[union-attr]
        assert _answers(base, server.key)
        assert server.start() == base
    finally:
        server.close()


def test_it_ends_when_its_starter_is_killed(tmp_path: Path) -> None:
    needs("xllamacpp")
    needs("gguf")
    weights = write(tmp_path / "tiny.gguf")
    program = (
        "import sys, time; from pathlib import Path; from promptls.providers.embedded import *;"
        "server = EmbeddedServer(Installed(Path(sys.executable), Path(sys.argv[1])));"
        "print(server.start(), server.key, flush=True); time.sleep(600)"
    )
    starter = subprocess.Popen([sys.executable, "-c", program, str(weights)], stdout=subprocess.PIPE, text=True)
    assert starter.stdout is not None
    with starter.stdout:
        base, key = starter.stdout.readline().split()
        assert _answers(base, key)
        starter.kill()
        starter.wait()

    until = time.monotonic() + 90
    while _answers(base, key) and time.monotonic() < until:
        time.sleep(0.1)
    assert not _answers(base, key)


def test_without_it_the_message_says_what_to_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(embedded.DATA_VARIABLE, str(tmp_path))
    with pytest.raises(embedded.EmbeddedError, match="promptls model install"):
        embedded.EmbeddedServer().start()


def _answers(base: str, key: str) -> bool:
    try:
        with httpx.Client(trust_env=False, timeout=60) as client:
            return client.get(f"{base}/models", headers={"authorization": f"Bearer {key}"}).is_success
    except httpx.HTTPError:
        return False
