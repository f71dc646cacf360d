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


def has(library: str) -> bool:
    command = [EMACS or "emacs", "--batch", "--eval", f'(kill-emacs (if (locate-library "{library}") 0 1))']
    return EMACS is not None and subprocess.run(command, capture_output=True, check=False).returncode == 0


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
    done = subprocess.run(
        command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=120, check=False
    )
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
@pytest.mark.skipif(not has("eglot"), reason="needs eglot (Emacs 29, or Debian elpa-eglot)")
def test_eglot(tmp_path: Path, prompt: Path) -> None:
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
@pytest.mark.skipif(not has("lsp-mode"), reason="needs lsp-mode (Debian elpa-lsp-mode)")
def test_lsp_mode(tmp_path: Path, prompt: Path) -> None:
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
    environment = {**os.environ, "HOME": str(tmp_path), "PATH": "/usr/bin:/bin"}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
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
    done = subprocess.run([*command, "--eval", look], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.stdout == "(t nil)", done.stderr
