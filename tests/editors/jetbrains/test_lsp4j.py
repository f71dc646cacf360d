"""The JVM's client library, which LSP4IJ and JetBrains' own API rest on, with the real server: each story is one of
Probe.java, in an editor without a window that takes messages as strictly as LSP4J can."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from clients.jetbrains.jars import jars
from tests.editors.seen import seen
from tests.editors.test_neovim_run import with_model
from tests.runs.server import ModelServer, model_server

PATIENCE = 400
"""Seconds until a story is given up; it gives up by itself after 90, and says what it waited for."""
TEXT = """---
name: greet
inputs:
  name: {kind: string, default: Ada}
---
system:
Be kind.
user:
Hello {{ name }} 😀 {{ nmae | upper }}
"""
SERVER = [sys.executable, "-c", "import sys; from promptls.cli import main; sys.exit(main())", "lsp"]
pytestmark = [
    pytest.mark.editor,
    pytest.mark.skipif(shutil.which("javac") is None, reason="needs a JDK (javac)"),
    pytest.mark.skipif(not jars(), reason="needs LSP4J (make .venv/java)"),
]


def tell(story: str, probe: str, folder: Path) -> None:
    (folder / "greet.prompty").write_text(TEXT, encoding="utf-8")
    own = {"PROMPTLS_STATE": str(folder / "state"), "PROMPTLS_USER_CONFIG": str(folder / "user.yaml")}
    done = subprocess.run(
        ["java", "-Dfile.encoding=UTF-8", "-cp", probe, "Probe", story, str(folder), *SERVER],
        # Java finds no name that its locale cannot write.
        env={**os.environ, **own, "LC_ALL": "C.UTF-8"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=PATIENCE,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    "story",
    [
        "findings-are-sent",
        "findings-are-asked-for",
        "a-fix",
        "hover-and-completion",
        "looking-around",
        "the-menu",
        "a-preview",
        "a-watched-preview",
        "a-run",
    ],
)
@seen(
    "JetBrains (LSP4J, no IDE)",
    "findings",
    "hover",
    "completion",
    "fixes",
    "menu",
    "lenses",
    "preview",
    "preview follows typing",
)
def test_a_jvm_client(story: str, probe: str, tmp_path: Path) -> None:
    folder = tmp_path / "with a space é"
    folder.mkdir()
    tell(story, probe, folder)


@seen("JetBrains (LSP4J, no IDE)", "run", "words come as they are made", "stop")
@pytest.mark.parametrize("story", ["words-come", "stop-by-command", "stop-by-progress"])
def test_a_jvm_client_with_a_model(story: str, probe: str, tmp_path: Path) -> None:
    with model_server() as model:
        model.pieces = ["One ", "two ", "three."]
        model.hold = threading.Event()
        with_model(tmp_path, model)
        waiting = threading.Thread(target=_let_go, args=(tmp_path / "go-on", model), daemon=True)
        waiting.start()
        tell(story, probe, tmp_path)
        model.hold.set()
        waiting.join()
        assert story == "words-come" or model.gone.wait(PATIENCE), "the socket is not closed"


def test_a_question_that_is_closed_is_a_no(probe: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOCAL_KEY", "sk-canary-0123456789")
    with model_server() as model:
        model.pieces = ["One ", "two ", "three."]
        local = {"type": "openai-compatible", "base_url": model.url, "api_key": "${env:LOCAL_KEY}"}
        with_model(tmp_path, model, providers={"local": local})
        tell("a-question", probe, tmp_path)
        assert len(model.requests) == 1


def _let_go(sign: Path, model: ModelServer) -> None:
    """The probe has seen the first word, and says that the others may come."""
    assert model.hold is not None
    while not model.hold.wait(0.02):
        if sign.exists():
            model.hold.set()
