"""What a model says is printed as words: on a terminal it moves no cursor, sets no title and hides nothing."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.providers.serving import model_server

pty = pytest.importorskip("pty", reason="a terminal of POSIX")

NASTY = "a\x1b]0;owned\x07b\x1b[2Jc\x9b31md\u202ee\x08"
ANSWER = {
    "id": "1",
    "object": "chat.completion",
    "model": "m",
    "choices": [{"index": 0, "message": {"role": "assistant", "content": NASTY}, "finish_reason": "stop"}],
}
PROMPT = """\
---
name: ask
model: {id: m, provider: openai}
template: {format: {kind: jinja2}, parser: {kind: prompty}}
---
user:
Hello
"""


def on_a_terminal(folder: Path, *arguments: str) -> str:
    """What a terminal gets from the program."""
    ours, theirs = pty.openpty()
    environment = {**os.environ, "NO_COLOR": "1", "PROMPTLS_STATE": str(folder / "state")}
    environment["PROMPTLS_USER_CONFIG"] = str(folder / "user.yaml")
    child = subprocess.Popen(
        [sys.executable, "-m", "promptls", *arguments],
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=theirs,
        stderr=theirs,
    )
    os.close(theirs)
    said = b""
    try:
        while data := os.read(ours, 65536):
            said += data
    except OSError:
        pass  # Linux says so that the other end is closed
    os.close(ours)
    child.wait(30)
    return said.decode("utf-8", "replace")


def test_an_answer_with_escape_sequences(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "ask.prompty").write_text(PROMPT)
    (tmp_path / "nasty.prompty").write_text(PROMPT + "\x1b]0;owned\x07 \x9b31m")
    with model_server(body=ANSWER) as server:
        (tmp_path / "user.yaml").write_text(
            f"providers: {{local: {{type: openai-compatible, base_url: '{server.url}'}}}}\n"
        )
        run = ("run", "ask.prompty", "--model", "local/m", "--no-stream")
        commands = [
            run,
            (*run, "--format", "markdown"),
            ("history", "--format", "json"),
            ("preview", "nasty.prompty"),
            ("render", "nasty.prompty", "--format", "markdown"),
        ]
        for arguments in commands:
            said = on_a_terminal(tmp_path, *arguments)
            assert "mistake in promptls" not in said, said
            assert not {"\x1b", "\x07", "\x9b", "\u202e", "\x08"} & set(said), arguments
        assert "owned" in on_a_terminal(tmp_path, *run)
    piped = subprocess.run(
        [sys.executable, "-m", "promptls", "preview", "nasty.prompty"],
        cwd=tmp_path,
        capture_output=True,
        check=True,
        timeout=60,
    )
    assert "\x1b" in piped.stdout.decode(), "a pipe gets what there is"
