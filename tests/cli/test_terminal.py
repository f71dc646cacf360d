"""On a terminal: a bar while there is much to do, gone when it is done, and Ctrl-C as people expect it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest

from tests.cli.calls import CLEAN, Promptls
from tests.render.bare_system import program

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="drives a POSIX terminal")

# Says so when it renders.
TELLING = """
import sys
from promptls.cli import main
from promptls.render import Renderer

render = Renderer.render

def told(*given, **named):
    print("it renders", file=sys.stderr, flush=True)
    return render(*given, **named)

Renderer.render = told
sys.exit(main(sys.argv[1:]))
"""
RUN = [sys.executable, "-c", "import sys; from promptls.cli import main; sys.exit(main(sys.argv[1:]))"]


def on_terminal(promptls: Promptls, *arguments: str) -> tuple[str, int]:
    """What a terminal of 100 columns is sent, and the exit code."""
    import fcntl
    import pty
    import struct
    import termios

    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 100, 0, 0))
    environment = {**os.environ, "TERM": "xterm-256color", "COLUMNS": "100"}
    process = subprocess.Popen(
        [*RUN, *arguments], stdin=theirs, stdout=theirs, stderr=theirs, cwd=promptls.folder, env=environment
    )
    os.close(theirs)
    sent = b""
    try:
        while piece := os.read(ours, 4096):
            sent += piece
    except OSError:  # Linux says the end so
        pass
    os.close(ours)
    return sent.decode(), process.wait(60)


def test_many_files_have_a_bar_and_colour(promptls: Promptls) -> None:
    promptls.write({f"{number}.prompty": CLEAN for number in range(60)})
    sent, code = on_terminal(promptls, "check")
    assert code == 0
    assert "Checking" in sent
    assert sent.rstrip().endswith("Checked 60 files: \x1b[1;32mnothing to report\x1b[0m")


def test_few_files_have_none(promptls: Promptls) -> None:
    promptls.write({"a.prompty": CLEAN})
    sent, _ = on_terminal(promptls, "check")
    assert "Checking" not in sent


def test_ctrl_c_ends_a_render_at_once_and_quietly(promptls: Promptls) -> None:
    promptls.write({"a.prompty": CLEAN.replace("{{ name }}", "{{ 9**(9**9) }}")})
    command = [sys.executable, "-c", TELLING, "render", "a.prompty"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=promptls.folder) as process:
        assert process.stderr is not None
        assert process.stderr.readline() == b"it renders\n"
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    # Interrupted before or after its deadline, it says nothing of Python's.
    assert b"Traceback" not in err
    assert (process.returncode, out) in ((130, b""), (1, b""))


def test_the_command_line_needs_nothing_of_posix(promptls: Promptls) -> None:
    promptls.write({"a.prompty": CLEAN, "b.prompty": "\ufeff" + CLEAN})
    body = (
        "from promptls.cli import main; codes = [main(['check', '--fix']), main(['render', 'a.prompty']), "
        "main(['doctor'])]; print(codes)"
    )
    done = subprocess.run(program(body), capture_output=True, text=True, cwd=promptls.folder, timeout=60, check=False)
    assert done.stdout.splitlines()[-1] == "[0, 0, 0]", done.stdout + done.stderr
    assert "I am Ada in Rome." in done.stdout
