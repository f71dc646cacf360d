"""A real Emacs, in batch, with the configuration of `clients/other/emacs` as its README has it pasted."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.editors.seen import seen

HERE = Path(__file__).parent
CLIENT = HERE.parents[1] / "clients" / "other" / "emacs"
EMACS = shutil.which("emacs")
PATIENCE = 300
"""Seconds until an Emacs is given up; it gives up by itself after 90, and says what it waited for."""
TEXT = """---
name: greet
inputs:
  name: {kind: string, default: Ada}
---
user:
Hello 😀 {{ nmae | upper }}
"""

pytestmark = [
    pytest.mark.editor,
    pytest.mark.skipif(EMACS is None, reason="needs Emacs (Debian emacs-nox)"),
]


def needs(library: str, where: str) -> None:
    command = [EMACS or "emacs", "--batch", "--eval", f'(kill-emacs (if (locate-library "{library}") 0 1))']
    if subprocess.run(command, capture_output=True, check=False, timeout=PATIENCE).returncode:
        pytest.skip(f"needs {library} ({where})")


def started(command: list[str], folder: Path, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, encoding="utf-8", timeout=PATIENCE, check=False
    )


def emacs(tmp_path: Path, client: str, script: str, path: Path) -> dict[str, Any]:
    """What the script saw."""
    environment = {
        **os.environ,
        "HOME": str(tmp_path),
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
        "PROMPTLS_STATE": str(tmp_path / "state"),
        "PROMPTLS_USER_CONFIG": str(tmp_path / "user.yaml"),
        "LC_ALL": "C.UTF-8",
    }
    # Not -Q: it hides the packages of the system.
    command = [EMACS or "emacs", "--batch", "-l", str(CLIENT / client), "-l", str(HERE / script), str(path)]
    done = started(command, tmp_path, environment)
    assert done.returncode == 0, done.stderr[-2000:]
    seen: dict[str, Any] = json.loads(done.stdout[done.stdout.index("{") :])
    return seen


@pytest.fixture
def prompt(tmp_path: Path) -> Path:
    (tmp_path / ".git").mkdir()
    folder = tmp_path / "my prompts ä"
    folder.mkdir()
    path = folder / "greet.prompty"
    path.write_text(TEXT, encoding="utf-8")
    return path


@seen("Emacs, eglot", "findings", "hover", "completion", "fixes", "menu", "preview", "run")
def test_eglot(tmp_path: Path, prompt: Path) -> None:
    needs("eglot", "Emacs 29, or Debian elpa-eglot")
    seen = emacs(tmp_path, "promptls-eglot.el", "emacs_eglot.el", prompt)
    assert seen["mode"] == "promptls-mode"
    assert any("nmae" in finding for finding in seen["findings"])
    assert {"Preview", "Compare with HEAD"} <= set(seen["actions"])
    assert any(title.startswith("Run · echo") for title in seen["actions"])
    assert seen["text"] == TEXT.replace("nmae", "name")
    assert "string" in seen["hover"]
    assert seen["completion"][0] == "name"
    assert "Hello 😀 ADA" in seen["result"]
    assert "No model was called" in seen["result"]
    assert "Hello 😀 ADA" in seen["preview"]


@seen("Emacs, lsp-mode", "findings", "hover", "completion", "fixes", "menu", "run")
def test_lsp_mode(tmp_path: Path, prompt: Path) -> None:
    needs("lsp-mode", "Debian elpa-lsp-mode")
    # lsp-mode 8.0 counts characters where the protocol counts UTF-16, so an edit behind an emoji goes astray there.
    plain = TEXT.replace("😀 ", "")
    prompt.write_text(plain, encoding="utf-8")
    seen = emacs(tmp_path, "promptls-lsp-mode.el", "emacs_lsp_mode.el", prompt)
    assert seen["mode"] == "promptls-mode"
    assert any("nmae" in finding for finding in seen["findings"])
    assert "Preview" in seen["actions"]
    assert "nmae" in seen["hover"]
    assert seen["text"] == plain.replace("nmae", "name")
    assert seen["completion"][0] == "name"
    assert "Hello ADA" in seen["result"]


def test_a_server_that_is_not_there_costs_one_sentence(tmp_path: Path, prompt: Path) -> None:
    command = [EMACS or "emacs", "--batch", "-l", str(CLIENT / "promptls-eglot.el"), str(prompt)]
    done = started(command, tmp_path, {**os.environ, "HOME": str(tmp_path), "PATH": str(tmp_path / "no programs")})
    assert done.returncode == 0
    assert "promptls is not on your PATH: install it" in done.stderr


def test_markdown_that_is_a_prompt_is_told_from_markdown(tmp_path: Path) -> None:
    names = ["plan.prompt.md", "README.md"]
    for name in names:
        (tmp_path / name).write_text("Hello\n", encoding="utf-8")
    # `package-initialize` is what an interactive Emacs does by itself: it brings the modes of others.
    ours = "(with-current-buffer (find-file-noselect name) (eq major-mode 'promptls-mode))"
    quoted = " ".join(f'"{name}"' for name in names)
    look = f"(princ (mapcar (lambda (name) {ours}) '({quoted})))"
    command = [EMACS or "emacs", "--batch", "-f", "package-initialize", "-l", str(CLIENT / "promptls-mode.el")]
    done = started([*command, "--eval", look], tmp_path, {**os.environ, "HOME": str(tmp_path)})
    assert done.stdout == "(t nil)", done.stderr
