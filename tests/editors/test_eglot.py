"""Emacs with eglot: no lens, no document that a server may show, commands that wait for their answer."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.editors.seen import seen

HERE = Path(__file__).parent
EMACS = shutil.which("emacs")
TEXT = "---\nname: greet\ninputs:\n  name: {kind: string, default: Ada}\n---\nuser:\nHello {{ name }}\n"


pytestmark = [
    pytest.mark.editor,
    pytest.mark.skipif(EMACS is None, reason="needs Emacs with eglot (Emacs 29, or apt: emacs-nox elpa-eglot)"),
]


@seen("Emacs, eglot", "preview", "run")
def test_a_person_previews_and_runs_with_echo(tmp_path: Path) -> None:
    assert EMACS is not None
    look = [EMACS, "--batch", "--eval", "(progn (package-initialize) (require 'eglot))"]
    if subprocess.run(look, capture_output=True, timeout=300, check=False).returncode:
        pytest.skip("this Emacs has no eglot")
    prompt = tmp_path / "greet.prompty"
    prompt.write_text(TEXT, encoding="utf-8")
    command = [sys.executable, "-c", "import sys; from promptls.cli import main; sys.exit(main())", "lsp"]
    env = {
        **os.environ,
        "HOME": str(tmp_path),
        "PROMPTLS_COMMAND": shlex.join(command).replace("'", '"'),
        "PROMPTLS_FILE": str(prompt),
        "PROMPTLS_STATE": str(tmp_path / "state"),
        "PROMPTLS_USER_CONFIG": str(tmp_path / "user.yaml"),
        "LC_ALL": "C.UTF-8",
    }
    script = [EMACS, "--batch", "-l", str(HERE / "eglot.el")]
    done = subprocess.run(script, capture_output=True, encoding="utf-8", env=env, timeout=300, check=False)
    said = dict(line.split(": ", 1) for line in done.stdout.splitlines() if ": " in line)
    assert said.get("menu", "").startswith("Preview, Run · echo"), done.stderr
    assert (said["preview"], said["result"]) == ("unsaved", "echo"), done.stderr
    # eglot shows no documents, so it is told where they are.
    assert "The preview is in" in done.stderr
    assert "The result is in" in done.stderr
