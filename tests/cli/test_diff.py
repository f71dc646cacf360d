"""`promptls diff` on the command line."""

from __future__ import annotations

import shutil
import subprocess

import pytest

from tests.cli.calls import CLEAN, Promptls


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
def test_a_difference_is_printed_and_told_by_the_exit_code(promptls: Promptls, monkeypatch: pytest.MonkeyPatch) -> None:
    (promptls.folder / ".git").rmdir()
    who = ["-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false"]
    promptls.write({"a.prompty": CLEAN})
    for arguments in (["init", "-q"], ["add", "-A"], ["commit", "-q", "-m", "x"]):
        subprocess.run(["git", *who, *arguments], cwd=promptls.folder, check=True, capture_output=True)
    assert promptls("diff", "--exit-code").code == 0
    promptls.write({"a.prompty": CLEAN.replace("Be kind.", "Be warm.")})
    called = promptls("diff")
    assert called.code == 0
    assert "- Be kind.\n+ Be warm." in called.out
    assert promptls("diff", "HEAD", "a.prompty", "--exit-code", "-o", "d.md").code == 1
    assert promptls.read("d.md") == called.out
    called = promptls("diff", "nothing")
    assert (called.code, called.err) == (2, "promptls: git knows no commit `nothing`\n")
