"""What is compiled once for all stories of the JVM."""

from __future__ import annotations

import os
import subprocess
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
    classes = tmp_path_factory.mktemp("probes")
    path = os.pathsep.join(map(str, (plugin, *jars(), plugin.parent / "stubs")))
    javac = ["javac", "--release", "17", "-encoding", "UTF-8", "-Xlint:all", "-Werror", "-proc:none", "-cp", path]
    subprocess.run([*javac, "-d", classes, *HERE.glob("*.java")], check=True, timeout=120)
    return os.pathsep.join((str(classes), path))
