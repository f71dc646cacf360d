"""What is compiled once for all stories of the JVM."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable
from pathlib import Path

import pytest

from clients.jetbrains.build import compiled
from clients.jetbrains.jars import jars

HERE = Path(__file__).parent


@pytest.fixture(scope="session")
def plugin(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the plugin's classes, as it is shipped."""
    return compiled(jars(), tmp_path_factory.mktemp("plugin"))


@pytest.fixture(scope="session")
def probe(plugin: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The class path of the probes: with what the plugin adds to the protocol, and nothing of an IDE that works."""
    return _compiled([plugin, *jars(), plugin.parent / "stubs"], HERE.glob("*.java"), tmp_path_factory.mktemp("probes"))


@pytest.fixture(scope="session")
def window_probe(probe: str, plugin: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The class path of WindowProbe: an IDE that only pretends stands before the signatures."""
    stubs = plugin.parent / "stubs"
    ide = _compiled([*jars(), stubs], (HERE / "ide").rglob("*.java"), tmp_path_factory.mktemp("ide"))
    path = [*ide.split(os.pathsep), *probe.split(os.pathsep)]
    return _compiled(list(map(Path, path)), (HERE / "window").glob("*.java"), tmp_path_factory.mktemp("window"))


def _compiled(path: list[Path], sources: Iterable[Path], into: Path) -> str:
    """The class path with the new classes first."""
    classes = os.pathsep.join(map(str, path))
    javac = ["javac", "--release", "17", "-encoding", "UTF-8", "-Xlint:all", "-Werror", "-proc:none", "-cp", classes]
    subprocess.run([*javac, "-d", into, *sources], check=True, timeout=600)
    return os.pathsep.join((str(into), classes))
