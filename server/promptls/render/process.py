"""The child process: started with nothing of our environment, watched while it works, ended when it must be."""

from __future__ import annotations

import contextlib
import importlib.util
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from promptls.render.memory import resident_bytes

MEMORY = 512 << 20
START = 30.0
"""Seconds until a new child must be ready; imports are slow on a cold disk and are not the template's fault."""

_CHILD = Path(__file__).with_name("child.py")
# What Python itself may need to start: Windows' system folder, the folders of a shared libpython. No secrets.
_KEPT = ("SYSTEMROOT", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")


class EndedError(Exception):
    """The child is gone. ``why``: ``timeout``, ``memory``, ``cancelled`` or ``crash``."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def python_command() -> list[str]:
    """How the child is started: isolated (no environment, no user site, no script folder on the path)."""
    return [sys.executable, "-I", "-B", "-X", "utf8", str(_CHILD)]


class Child:
    """One running child. Not safe for two exchanges at once; ``end`` may be called from any thread."""

    def __init__(self, command: Sequence[str] | None = None, *, memory: int = MEMORY) -> None:
        """Raises OSError where no process can be started, EndedError where it does not get ready."""
        self._memory = memory
        self._why: str | None = None
        self._limited = True
        self._process = subprocess.Popen(
            command or python_command(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={name: os.environ[name] for name in _KEPT if name in os.environ},
            cwd=_CHILD.parent,
            # Ctrl-C in the terminal is for us; we end the child ourselves.
            start_new_session=True,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        try:
            ready = self.exchange({"paths": _library_folders(), "memory": memory}, START, 1 << 16)
        except EndedError:
            self.end()
            raise
        # With -I and a launcher (Windows' venv python.exe) the child's own number is not the one we started.
        self._pid = int(ready["pid"])
        self._limited = bool(ready["limited"])

    @property
    def pid(self) -> int:
        return self._pid

    @property
    def limits_memory(self) -> bool:
        """Whether the system keeps the memory limit; where False it is watched from here."""
        return self._limited

    @property
    def alive(self) -> bool:
        """False also right after ``end``: its answer may have come in the same moment."""
        return self._why is None and self._process.poll() is None

    def exchange(self, request: dict[str, Any], deadline: float, answer_limit: int) -> dict[str, Any]:
        """Send one request and wait for its answer. Raises EndedError; the child is then gone."""
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin is not None
        assert stdout is not None
        data = json.dumps(request).encode("ascii") + b"\n"
        done = threading.Event()
        watch = threading.Thread(target=self._watch, args=(done, deadline), name="promptls-render-watch", daemon=True)
        watch.start()
        try:
            stdin.write(data)
            stdin.flush()
            line = stdout.readline(answer_limit)
        except (OSError, ValueError):
            line = b""
        finally:
            done.set()
            watch.join()
        answer = _object(line)
        if answer is None:
            self.end()
            raise EndedError(self._why or "crash")
        return answer

    def end(self, why: str | None = None) -> None:
        """Kill the process; what waits for its answer gets EndedError. ``why`` of the first call counts."""
        self._why = self._why or why
        with contextlib.suppress(OSError):
            self._process.kill()
        if why is not None:
            return
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            with contextlib.suppress(OSError):
                if pipe:
                    pipe.close()

    def _watch(self, done: threading.Event, deadline: float) -> None:
        end = time.monotonic() + deadline
        while not done.wait(self._pause(end)):
            if time.monotonic() >= end:
                return self.end("timeout")
            if not self._limited and (resident_bytes(self._pid) or 0) > self._memory:
                return self.end("memory")
        return None

    def _pause(self, end: float) -> float:
        left = max(end - time.monotonic(), 0.001)
        return left if self._limited else min(left, 0.02)


def _object(line: bytes) -> dict[str, Any] | None:
    """The answer that a line holds; None for a line that was cut short or is none."""
    if not line.endswith(b"\n"):
        return None
    try:
        answer = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return answer if isinstance(answer, dict) else None


def _library_folders() -> list[str]:
    """Where the template libraries are, for a child that sees neither PYTHONPATH nor the user's site folder."""
    found = (importlib.util.find_spec(name) for name in ("jinja2", "markupsafe", "chevron"))
    origins = (spec.origin for spec in found if spec and spec.origin)
    return list(dict.fromkeys(str(Path(origin).parent.parent) for origin in origins))
