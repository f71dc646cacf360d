"""Neovim with the plugin in a real terminal: what stands on the screen while a person types."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import pytest

from tests.editors.neovim import NVIM, needs_neovim
from tests.editors.terminal import terminal
from tests.editors.test_neovim_plugin import PLUGIN
from tests.editors.test_neovim_run import TEXT

pytestmark = [*needs_neovim, pytest.mark.skipif(shutil.which("tmux") is None, reason="needs tmux")]


def test_findings_lenses_preview_and_a_run_on_the_screen(tmp_path: Path) -> None:
    assert NVIM is not None
    (tmp_path / ".git").mkdir()
    (tmp_path / "greet.prompty").write_text(TEXT.replace("{{ name }}", "{{ nmae }}"), encoding="utf-8")
    init = tmp_path / "init.lua"
    lines = [f"vim.opt.rtp:append('{PLUGIN.as_posix()}')", "vim.diagnostic.config({ virtual_text = true })"]
    init.write_text("\n".join(lines), encoding="utf-8")
    places = {f"XDG_{kind}_HOME": str(tmp_path) for kind in ("CONFIG", "DATA", "STATE", "CACHE")}
    environment = {
        **os.environ,
        **places,
        "HOME": str(tmp_path),
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
        "PROMPTLS_STATE": str(tmp_path / "state"),
        "PROMPTLS_USER_CONFIG": str(tmp_path / "user.yaml"),
        "LC_ALL": "C.UTF-8",
    }
    command = [NVIM, "-u", str(init), "-i", "NONE", "-n", "greet.prompty"]
    with terminal(command, tmp_path, environment) as shown:
        shown.wait("did you mean `name`?", "Preview | Run · echo")
        shown.keys(":PromptPreview", "Enter")
        shown.wait("‹nmae›")
        shown.keys("7GSBe as kind as you can.", "Escape", ":%s/nmae/name/", "Enter")
        shown.wait("Hello Ada")
        twice = "Be as kind as you can."
        shown.until(lambda screen: screen.count(twice) == 2, "the prompt and its preview, side by side")
        shown.until(lambda screen: "did you mean" not in screen, "the finding goes")
        shown.keys(":PromptPreview!", "Enter", ":PromptRun", "Enter")
        shown.wait("No model was called", "Hello Ada")
