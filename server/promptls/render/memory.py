"""How much memory another process holds, where the system cannot be told to limit it."""

from __future__ import annotations

import contextlib
import subprocess
import sys
from pathlib import Path

PAGE = 4096


def resident_bytes(pid: int) -> int | None:
    """The resident memory of a process in bytes; None where that cannot be found out."""
    if sys.platform == "win32":
        return _windows(pid)
    proc = Path("/proc", str(pid), "statm")
    with contextlib.suppress(OSError, ValueError, IndexError):
        return int(proc.read_text("ascii").split()[1]) * PAGE
    return _ps(pid)


def _ps(pid: int) -> int | None:
    with contextlib.suppress(OSError, ValueError, subprocess.SubprocessError):
        done = subprocess.run(
            ["/bin/ps", "-o", "rss=", "-p", str(pid)],
            capture_output=True,
            timeout=2,
            check=True,
            stdin=subprocess.DEVNULL,
        )
        return int(done.stdout) * 1024
    return None


def _windows(pid: int) -> int | None:
    if sys.platform != "win32":
        return None
    import ctypes
    from ctypes import wintypes

    class Counters(ctypes.Structure):
        _fields_ = (
            ("cb", wintypes.DWORD),
            ("PageFaultCount", wintypes.DWORD),
            *((name, ctypes.c_size_t) for name in ("PeakWorkingSetSize", "WorkingSetSize")),
            *((f"_{number}", ctypes.c_size_t) for number in range(4)),
            *((name, ctypes.c_size_t) for name in ("PagefileUsage", "PeakPagefileUsage")),
        )

    kernel = ctypes.WinDLL("kernel32", use_last_error=True)
    kernel.OpenProcess.restype = wintypes.HANDLE
    kernel.K32GetProcessMemoryInfo.argtypes = (wintypes.HANDLE, ctypes.POINTER(Counters), wintypes.DWORD)
    kernel.CloseHandle.argtypes = (wintypes.HANDLE,)
    query_limited_information = 0x1000
    handle = kernel.OpenProcess(query_limited_information, False, pid)
    if not handle:
        return None
    try:
        counters = Counters(cb=ctypes.sizeof(Counters))
        if not kernel.K32GetProcessMemoryInfo(handle, ctypes.byref(counters), counters.cb):
            return None
        # Committed, not resident: what a bomb asks for counts even before it is touched.
        return int(counters.PagefileUsage)
    finally:
        kernel.CloseHandle(handle)
