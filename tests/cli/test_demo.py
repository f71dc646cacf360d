"""The demo: a transcript of a real session, short enough to read, and an end that asks only on a terminal."""

from __future__ import annotations

import os
import select
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


def run(folder: Path | None = None, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "promptls", "demo"]
    return subprocess.run(
        command,
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=folder,
        env={**os.environ, **environment},
        timeout=120,
        check=False,
    )


@pytest.fixture(scope="module")
def shown() -> str:
    done = run()
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def test_the_transcript_fits_on_a_screen_and_is_plain_when_piped(shown: str) -> None:
    assert len(shown.splitlines()) <= 64
    assert "\x1b" not in shown


@pytest.mark.parametrize(
    "line",
    [
        "reply.prompty:30:4: warning[undefined-variable]: `custmer` is not declared; did you mean `customer`?",
        "The orders that the question is about, newest first",
        "title       string",
        "+     maxOutputTokens: 300",
        "+ {{ customer.name }} from {{ customer.city }} asks about:",
        "| user · ~27 tokens",
        "| - Espresso beans (order 1041)",
        "| POST https://api.openai.com/v1/chat/completions",
        "| Authorization: Bearer $OPENAI_API_KEY",
        '| "max_completion_tokens": 300',
        "promptls check",
    ],
)
def test_it_shows_findings_a_card_choices_fixes_messages_a_request_and_what_to_try(shown: str, line: str) -> None:
    assert line in shown


def test_it_leaves_nothing_behind_and_no_run_in_the_history(tmp_path: Path) -> None:
    folder = tmp_path / "here"
    folder.mkdir()
    assert run(folder, PROMPTLS_STATE=str(tmp_path / "state")).returncode == 0
    assert [path.name for path in tmp_path.rglob("*")] == ["here"]


def test_a_key_that_is_set_is_neither_shown_nor_used() -> None:
    done = run(OPENAI_API_KEY="sk-canary-0123456789abcdef")
    assert "Authorization: Bearer $OPENAI_API_KEY" in done.stdout
    assert "canary" not in done.stdout + done.stderr


@contextmanager
def on_a_terminal(**environment: str) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    import pty

    master, slave = pty.openpty()
    command = [sys.executable, "-m", "promptls", "demo"]
    process = subprocess.Popen(command, stdin=slave, stdout=slave, stderr=slave, env={**os.environ, **environment})
    os.close(slave)
    try:
        yield master, process
    finally:
        process.kill()
        process.wait()
        os.close(master)


def read_until(master: int, wanted: bytes) -> bytes:
    shown = b""
    while wanted not in shown:
        assert select.select([master], [], [], 60)[0], f"{wanted!r} is not in {shown!r}"
        try:
            data = os.read(master, 4096)
        except OSError:  # Linux says so when the other side is gone
            break
        if not data:
            break
        shown += data
    return shown


needs_pty = pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
QUIT = b" quit\r\n> "


@needs_pty
def test_on_a_terminal_it_asks_and_q_ends_it() -> None:
    with on_a_terminal() as (master, process):
        shown = read_until(master, QUIT)
        os.write(master, b"what\nq\n")
        read_until(master, b"nothing says this")
        assert process.wait(60) == 0
    assert b"\x1b[" in shown
    assert b"Neovim on a copy of the example" in shown


@needs_pty
@pytest.mark.parametrize("answer", [b"n\n", b"\x04"], ids=["no", "Ctrl-D"])
def test_the_small_model_is_offered_and_installed_only_after_a_yes(tmp_path: Path, answer: bytes) -> None:
    with on_a_terminal(PROMPTLS_DATA=str(tmp_path), NO_COLOR="1") as (master, process):
        assert b"[m] a small model" in read_until(master, QUIT)
        os.write(master, b"m\n")
        assert b"135M" in read_until(master, b"Install it? [y/N]: ")
        os.write(master, answer)
        read_until(master, QUIT)
        os.write(master, b"q\n")
        assert process.wait(60) == 0
    assert list(tmp_path.iterdir()) == []
