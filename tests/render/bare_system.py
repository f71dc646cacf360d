"""A system without `resource`, `fcntl`, `pwd` and `os.fork`, as Windows is: for the child or a whole program."""

from __future__ import annotations

import sys

from promptls.render.process import python_command

HIDE = """
import os, sys
for name in ("resource", "fcntl", "pwd", "grp"):
    sys.modules[name] = None
for name in ("fork", "forkpty", "posix_spawn", "posix_spawnp"):
    if hasattr(os, name):
        delattr(os, name)
"""


def command() -> list[str]:
    """How to start a render child that finds none of them."""
    *python, script = python_command()
    run = f"import runpy; runpy.run_path({script!r}, run_name='__main__')"
    return [*python, "-c", HIDE + run]


def program(body: str) -> list[str]:
    """How to run ``body`` in a Python that finds none of them."""
    return [sys.executable, "-c", HIDE + body]
