"""Standard input and output as the client's two pipes: one thread reads, one writes, neither waits for a handler."""

from __future__ import annotations

import contextlib
import os
import queue
import sys
import threading
import time
from collections.abc import Callable
from typing import Final

from promptls.lsp.framing import Frames, Unreadable

_CHUNK: Final = 1 << 16
_PARENT_INTERVAL: Final = 2.0
_STILL_RUNNING: Final = 0x102


def claim() -> tuple[int, int]:
    """The descriptors of the pipes, taken away from everybody else.

    What prints to standard output from now on, a library or a child process too, writes to standard error,
    and a child process that reads standard input finds it empty: only the protocol uses the pipes.
    """
    if sys.platform == "win32":
        import msvcrt

        msvcrt.setmode(0, os.O_BINARY)
        msvcrt.setmode(1, os.O_BINARY)
    source, target = os.dup(0), os.dup(1)
    nowhere = os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere, 0)
    try:
        os.dup2(2, 1)
    except OSError:
        os.dup2(nowhere, 1)
    os.close(nowhere)
    sys.stdout = sys.stderr
    return source, target


def read(source: int, deliver: Callable[[list[bytes | Unreadable]], None], ended: Callable[[], None]) -> None:
    """Start the thread that reads. ``deliver`` gets all messages that one read completed, together, so that
    a cancellation which is already there acts before the request in front of it is started."""

    def run() -> None:
        frames = Frames()
        with contextlib.suppress(OSError):
            while data := os.read(source, _CHUNK):
                if messages := frames.feed(data):
                    deliver(messages)
        ended()

    threading.Thread(target=run, name="promptls-reader", daemon=True).start()


class Writer:
    """Writes in its own thread, so that a client which does not read its pipe stops nothing but that."""

    def __init__(self, target: int, broken: Callable[[], None]) -> None:
        self._target = target
        self._broken = broken
        self._queue: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="promptls-writer", daemon=True)
        self._thread.start()

    def send(self, data: bytes) -> None:
        """From any thread."""
        self._queue.put(data)

    def close(self, timeout: float) -> None:
        """Wait until all is written, at most ``timeout`` seconds."""
        self._queue.put(None)
        self._thread.join(timeout)

    def _run(self) -> None:
        while (data := self._queue.get()) is not None:
            view = memoryview(data)
            while view:
                try:
                    view = view[os.write(self._target, view) :]
                except OSError:
                    self._broken()
                    return


def watch_parent(pid: int, died: Callable[[], None]) -> None:
    """Call ``died`` from a thread, within a few seconds after process ``pid`` has ended."""

    def run() -> None:
        wait = _wait_windows if sys.platform == "win32" else _wait_posix
        wait(pid)
        died()

    threading.Thread(target=run, name="promptls-parent", daemon=True).start()


def _wait_posix(pid: int) -> None:
    while _runs(pid):
        time.sleep(_PARENT_INTERVAL)


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:  # somebody else's process: it is there
        return True
    # An ended process that nobody has waited for still takes signals.
    try:
        with open(f"/proc/{pid}/stat", "rb") as stat:
            return stat.read().rpartition(b")")[2].split()[0] != b"Z"
    except (OSError, IndexError):
        return True


def _wait_windows(pid: int) -> None:
    """``os.kill(pid, 0)`` would end the process on Windows; a handle can be waited for."""
    if sys.platform != "win32":
        return
    import ctypes

    kernel = ctypes.WinDLL("kernel32", use_last_error=True)
    kernel.OpenProcess.restype = ctypes.c_void_p
    kernel.WaitForSingleObject.argtypes = (ctypes.c_void_p, ctypes.c_uint32)
    synchronize = 0x00100000
    handle = kernel.OpenProcess(synchronize, False, pid)
    if not handle:
        access_denied = 5
        if ctypes.get_last_error() == access_denied:
            threading.Event().wait()
        return
    while kernel.WaitForSingleObject(handle, int(_PARENT_INTERVAL * 1000)) == _STILL_RUNNING:
        pass
