"""A real Vim with ALE and the lines of `clients/other/vim/README.md`, in a terminal of its own."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.editors.seen import seen

ROOT = Path(__file__).resolve().parents[2]
README = ROOT / "clients" / "other" / "vim" / "README.md"
ALE = Path("/usr/share/vim/vimfiles")
VIM = shutil.which("vim.nox") or shutil.which("vim")
TEXT = "---\nname: greet\ninputs:\n  name: {kind: string, default: Ada}\n---\nuser:\nHello {{ nmae | upper }}\n"

pytestmark = [
    pytest.mark.editor,
    pytest.mark.skipif(VIM is None, reason="needs Vim 9 (Debian vim-nox)"),
    pytest.mark.skipif(not list(ALE.glob("pack/*/*/ale")), reason="needs ALE (Debian vim-ale)"),
    pytest.mark.skipif(shutil.which("script") is None, reason="needs script (Debian bsdutils), for a terminal"),
]


def vimrc(tmp_path: Path) -> Path:
    """The lines of the README, as pasted, below what Debian asks for to find ALE."""
    (lines,) = re.findall(r"```vim\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    before = f"set nocompatible\nset packpath^={ALE}\npackadd! ale\nlet g:ale_hover_to_preview = 1\n"
    path = tmp_path / "vimrc"
    path.write_text(before + lines.replace("/path/to/promptls", str(ROOT)), encoding="utf-8")
    return path


@seen("Vim, ALE", "findings", "hover", "completion", "fixes", "menu", "run")
def test_vim_with_ale(tmp_path: Path) -> None:
    workspace = tmp_path / "my work, ä"
    (workspace / ".git").mkdir(parents=True)
    (workspace / "prompts").mkdir()
    prompt, seen = workspace / "prompts" / "my prompts ä.prompty", tmp_path / "seen.json"
    prompt.write_text(TEXT, encoding="utf-8")
    environment = {
        **os.environ,
        "HOME": str(tmp_path),
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
        "PROMPTLS_STATE": str(tmp_path / "state"),
        "PROMPTLS_USER_CONFIG": str(tmp_path / "user.yaml"),
        "PROMPT": str(prompt),
        "SEEN": str(seen),
        "TERM": "xterm",
        "SHELL": "/bin/sh",
        "LC_ALL": "C.UTF-8",
    }
    script = Path(__file__).with_name("vim_ale.vim")
    command = shlex.join([str(VIM), "-u", str(vimrc(tmp_path)), "-i", "NONE", "-n", "-S", str(script)])
    done = subprocess.run(
        ["script", "-qec", command, os.devnull],
        cwd=workspace,
        env=environment,
        capture_output=True,
        stdin=subprocess.DEVNULL,
        timeout=400,
        check=False,
    )
    assert seen.exists(), done.stdout[-2000:]
    saw = json.loads(seen.read_text(encoding="utf-8"))
    assert "missing" not in saw, saw
    assert saw["type"] == "prompty.promptls"
    assert any(line == 7 and "nmae" in text for line, text in saw["findings"])
    assert "nmae" in saw["hover"]
    assert "Preview" in saw["actions"]
    assert saw["completion"][0].startswith("name")
    (page,) = (workspace / ".promptls").glob("*.run.md")
    assert "No model was called" in page.read_text(encoding="utf-8")
