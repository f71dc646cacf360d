"""The demo: a transcript of a real session, short enough to read, and an end that asks only on a terminal."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest


def run(*arguments: str, folder: Path | None = None) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "promptls", "demo", *arguments]
    return subprocess.run(
        command, capture_output=True, text=True, encoding="utf-8", cwd=folder, timeout=120, check=False
    )


@pytest.fixture(scope="module")
def shown() -> str:
    done = run()
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def test_the_transcript_fits_on_a_screen_and_is_plain_when_piped(shown: str) -> None:
    assert len(shown.splitlines()) <= 60
    assert "\x1b" not in shown


@pytest.mark.parametrize(
    "line",
    [
        "reply.prompty:30:4: warning[undefined-variable]: `custmer` is not declared; did you mean `customer`?",
        "The orders that the question is about, newest first",
        "title       string",
        "+     maxOutputTokens: 300",
        "+ {{ customer.name }} from {{ customer.city }} asks about:",
        "| - Espresso beans (order 1041)",
        "promptls check",
    ],
)
def test_it_shows_findings_a_card_choices_fixes_messages_and_what_to_try(shown: str, line: str) -> None:
    assert line in shown


def test_it_leaves_nothing_behind(tmp_path: Path) -> None:
    assert run(folder=tmp_path).returncode == 0
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
def test_on_a_terminal_it_asks_and_q_ends_it() -> None:
    import os
    import pty

    master, slave = pty.openpty()
    command = [sys.executable, "-m", "promptls", "demo"]
    process = subprocess.Popen(command, stdin=slave, stdout=slave, stderr=slave)
    os.close(slave)
    shown = b""
    try:
        while b"quit" not in shown:
            shown += os.read(master, 4096)
        os.write(master, b"what\nq\n")
        while True:
            try:
                data = os.read(master, 4096)
            except OSError:  # Linux says so when the other side is gone
                break
            if not data:
                break
            shown += data
        assert process.wait(60) == 0
    finally:
        process.kill()
        process.wait()
        os.close(master)
    assert b"\x1b[" in shown
    assert b"Neovim on a copy of the example" in shown
